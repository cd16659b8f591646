"""`constat log`: what was reported, and whether its history was touched."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli import main
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from tests.world import ID, OTHER_ID, World, world

Log = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Log:
    """`constat log` of the file in this test's folder: its status and its lines."""

    def read(*options: str) -> tuple[int, list[str]]:
        monkeypatch.setenv("CONSTAT_DB", str(tmp_path / "constat.db"))
        status = main(["log", *options])
        output = capsys.readouterr()
        return status, (output.out + output.err).splitlines()

    return read


async def report(bot: World, about: str = ID) -> None:
    bob = bot.person(BOB)
    await bob.command("/report-issue", f"other {about} a blank page", channel=ANNONCES)
    await bob.view()
    assert (await bob.submit()).kind == "closed"


async def two_reports(folder: Path) -> None:
    """The file of a stopped bot that filed two reports, one after the other.

    Their history is waiting, sending and filed: rows 1 to 3 and 4 to 6.
    """
    async with world(folder) as bot:
        for number, about in ((1, ID), (2, OTHER_ID)):
            await report(bot, about)
            await bot.state(number, "filed")


def by_hand(folder: Path, statement: str) -> None:
    db = sqlite3.connect(folder / "constat.db")
    with db:
        assert db.execute(statement).rowcount == 1
    db.close()


async def test_the_log_lists_what_a_running_bot_took(bot: World, log: Log) -> None:
    await report(bot)
    row = await bot.state(1, "filed")
    bob = bot.person(BOB)
    await bob.command("/anomaly", "1204 Exit blocked", channel=SECURITE)
    await bob.view()
    for name, text in (("siteId", "9"), ("technicalInstallationId", "7"), ("description", "x")):
        await bob.enter(name, text)
    await bob.choose("risk", "0")
    assert (await bob.submit()).kind == "closed"
    second = await bot.state(2, "filed")
    status, lines = log("--json")
    found = [json.loads(line) for line in lines]
    names = ("number", "who", "kind", "state", "remoteId", "attempts")
    assert (status, [tuple(row[name] for name in names) for row in found]) == (
        0,
        [
            (1, BOB, "report_issue", "filed", row["remote_id"], 1),
            (2, BOB, "anomaly", "filed", second["remote_id"], 1),
        ],
    )


async def test_a_line_of_json_holds_the_times_in_utc(bot: World, log: Log) -> None:
    await report(bot)
    row = await bot.state(1, "filed")
    _, lines = log("--json")
    found = json.loads(lines[0])
    times = [datetime.fromisoformat(found[name]) for name in ("createdAt", "changedAt")]
    late = [
        round(row[name] - time.timestamp(), 2)
        for name, time in zip(("created_at", "changed_at"), times, strict=True)
    ]
    assert (late, [str(time.tzinfo) for time in times]) == ([0, 0], ["UTC", "UTC"])


async def test_the_log_of_a_stopped_bot_has_a_line_for_each_report(
    tmp_path: Path, log: Log
) -> None:
    await two_reports(tmp_path)
    status, lines = log("--json")
    shown = [
        (found["number"], found["name"], found["kind"], found["state"])
        for found in map(json.loads, lines)
    ]
    assert (status, shown) == (
        0,
        [(1, "bob", "report_issue", "filed"), (2, "bob", "report_issue", "filed")],
    )


async def test_a_report_that_was_not_filed_has_no_remote_id(tmp_path: Path, log: Log) -> None:
    async with world(tmp_path, settings={"IMMOTEUR_API_URL": "http://127.0.0.1:9"}) as bot:
        await report(bot)
        await bot.state(1, "waiting")
        status, lines = log("--json")
    assert (status, json.loads(lines[0])["remoteId"]) == (0, None)


async def test_a_whole_history_is_verified(tmp_path: Path, log: Log) -> None:
    await two_reports(tmp_path)
    assert log("--verify") == (0, ["the history fits"])


async def test_a_second_press_leaves_no_gap_in_the_numbers(bot: World, log: Log) -> None:
    bob = bot.person(BOB)
    for number, about in ((1, ID), (2, OTHER_ID)):
        await bob.command("/report-issue", f"other {about} a blank page", channel=ANNONCES)
        await bob.view()
        await bob.submit()
        await bob.submit_again()
        await bot.state(number, "filed")
    assert log("--verify") == (0, ["the history fits"])


async def test_the_history_of_a_running_bot_is_verified(bot: World, log: Log) -> None:
    await report(bot)
    await bot.state(1, "filed")
    assert log("--verify") == (0, ["the history fits"])


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "update history set at = at + 1 where id = 2",
            "history row 2 (report 1) does not fit the row before",
        ),
        (
            "update history set who = 'U0SOMEBODY' where id = 4",
            "history row 4 (report 2) does not fit the row before",
        ),
        (
            "update history set hash = '' where id = 1",
            "history row 1 (report 1) does not fit the row before",
        ),
        ("delete from history where id = 1", "history row 1 is missing"),
        ("delete from history where id = 3", "history row 3 is missing"),
        (
            "delete from history where id = 6",
            "history row 6 is missing",
        ),
        (
            "update reports set state = 'discarded' where number = 2",
            "report 2 is not in the state that its history ends with",
        ),
        (
            "update reports set payload = '{}' where number = 1",
            "report 1 does not hold what its history says",
        ),
        (
            "update reports set remote_id = 'another' where number = 2",
            "report 2 does not hold what its history says",
        ),
        (
            "update reports set who = 'U0SOMEBODY' where number = 1",
            "report 1 does not hold what its history says",
        ),
        ("delete from reports where number = 1", "report 1 is missing"),
        ("delete from reports where number = 2", "report 2 is missing"),
        (
            "update history set id = 7 where id = 6",
            "history row 6 is missing",
        ),
    ],
)
async def test_what_was_changed_by_hand_is_named(
    tmp_path: Path, log: Log, statement: str, fault: str
) -> None:
    await two_reports(tmp_path)
    by_hand(tmp_path, statement)
    assert log("--verify") == (1, [fault])


async def test_a_row_written_anew_with_its_own_hash_does_not_fit_the_next(
    tmp_path: Path, log: Log
) -> None:
    await two_reports(tmp_path)
    by_hand(tmp_path, "update history set hash = lower(hex(randomblob(32))) where id = 2")
    status, lines = log("--verify")
    assert (status, lines) == (1, ["history row 2 (report 1) does not fit the row before"])


def test_a_log_without_a_file_says_so(tmp_path: Path, log: Log) -> None:
    path = tmp_path / "constat.db"
    assert [log(), log("--verify"), path.exists()] == [
        (1, [f"constat: {path} does not exist"]),
        (1, [f"constat: {path} does not exist"]),
        False,
    ]


def test_a_log_of_a_file_that_is_none_says_so(tmp_path: Path, log: Log) -> None:
    path = tmp_path / "constat.db"
    path.write_text("I am a shopping list. " * 100)
    assert log() == (1, [f"constat: {path} cannot be read: file is not a database"])


async def test_a_log_of_a_file_damaged_inside_says_so(tmp_path: Path, log: Log) -> None:
    await two_reports(tmp_path)
    path = tmp_path / "constat.db"
    size = path.stat().st_size
    with path.open("r+b") as file:  # its tables' names are still there
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    why = "database disk image is malformed"
    assert (log(), log("--verify")) == (
        (1, [f"constat: {path} cannot be read: {why}"]),
        (1, [f"constat: {path} cannot be read: {why}"]),
    )


async def test_a_reader_that_has_enough_is_no_fault(tmp_path: Path) -> None:
    await two_reports(tmp_path)
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "-m", "bot", "log"],
        env={"CONSTAT_DB": str(tmp_path / "constat.db")},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert ended.stderr == b""
    assert ended.returncode == 0
