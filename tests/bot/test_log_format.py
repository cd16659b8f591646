"""One line for each record, whatever it holds, as text and as JSON."""

import json
import logging
import os
from pathlib import Path

import pytest

from bot.log_format import LineFormatter, Style, _is_journal
from sandbox.process import bot_process
from sandbox.slack import BotLink
from sandbox.slack.seed import BOB
from tests.bot.process_reports import file_an_issue, filed
from tests.world import without_lists

ODD = 'two\nlines "quoted" a=b \x1b[31m \u2028 \x85 é'


def line(style: Style, message: str, *, journald: bool = False, **fields: object) -> str:
    record = logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, message, None, None)
    vars(record).update(fields)
    return LineFormatter(style, journald=journald).format(record)


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_record_is_one_line_whatever_it_holds(style: Style) -> None:
    text = line(style, ODD, report=ODD, exc_text="Traceback\n  boom")
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


def test_a_line_of_json_holds_the_fields_as_they_are() -> None:
    fields = json.loads(line("json", ODD, report=12))
    assert fields["message"] == ODD
    assert fields["report"] == 12
    assert fields["level"] == "error"


@pytest.mark.parametrize("style", ["text", "json"])
def test_under_journald_a_line_has_a_priority_and_no_time(style: Style) -> None:
    text = line(style, "x", journald=True)
    assert text.startswith("<3>")
    assert "time" not in text
    assert "time" in line(style, "x")


def test_the_journal_is_known_by_its_stream(tmp_path: Path) -> None:
    with (tmp_path / "stream").open("w") as stream:
        stat = os.fstat(stream.fileno())
        own = {"JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"}
        assert _is_journal(own, stream)
        assert not _is_journal({"JOURNAL_STREAM": "1:2"}, stream)
        assert not _is_journal({}, stream)


async def test_a_normal_start_warns_of_nothing_and_a_report_is_logged_with_its_reporter(
    tmp_path: Path,
) -> None:
    sandbox = without_lists()
    async with sandbox.serve():
        settings = {**sandbox.settings, "CONSTAT_LOG": "json"}
        log = tmp_path / "log"
        async with bot_process(settings, tmp_path / "constat.db", log=log) as bot:
            await bot.ready()
            await file_an_issue(sandbox, BotLink(bot.url))
            await filed(sandbox)
            await bot.stop()
    records = [json.loads(text) for text in log.read_text("utf-8").splitlines()]
    assert {record["level"] for record in records} == {"info"}
    [taken] = [record for record in records if record["message"] == "report taken"]
    assert taken["report"] == 1
    assert taken["kind"] == "report_issue"
    assert taken["user"] == BOB
    assert "a blank page" not in log.read_text("utf-8")
