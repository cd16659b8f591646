"""docs/troubleshooting.md has every message for an operator, and no message that does not exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.cli import main
from tests.docs.messages import messages
from tests.docs.pages import PAGES

PAGE = "docs/troubleshooting.md"
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", PAGES[PAGE], flags=re.MULTILINE)
EXPLAINED = Counter(message for message, _, _ in ROWS)


def test_every_message_of_the_code_is_explained() -> None:
    assert sorted(messages() - set(EXPLAINED)) == []


def test_every_message_of_the_page_is_in_the_code() -> None:
    assert sorted(set(EXPLAINED) - messages()) == []


def test_no_message_is_explained_twice() -> None:
    assert [message for message, count in EXPLAINED.items() if count > 1] == []


def test_every_row_of_a_table_has_a_message_a_cause_and_a_remedy() -> None:
    lines = [line for line in PAGES[PAGE].splitlines() if line.startswith("| `")]
    assert len(lines) == len(ROWS)


def test_the_collector_finds_messages_of_every_source() -> None:
    """One of each: a log line, a raised error, a fault of settings, a sentence of `/readyz`, one
    of a file that the settings import, a translated error, a collected reason, one of `sandbox`.
    """
    assert {
        "background work failed",
        "… is not a database of constat",
        "it must be true or false",
        "it is in quotation marks; remove them",
        "… is missing: … needs it",
        "Socket Mode is not connected",
        "the loop … ended: restart constat",
        'it is not a time from "1m" to "24h", such as "15m"',
        "stop the bot first: …",
        "report … is …, which does not allow this",
        "the page needs more packages: …",
    } <= messages()


def test_the_page_quotes_what_a_command_says_of_a_missing_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "sites.csv"
    assert main(["catalogue", "load", str(missing)]) == 2
    said = capsys.readouterr().err.replace(str(missing), missing.name)
    quoted = re.findall(r"`(Invalid value .+)`", PAGES[PAGE])
    assert len(quoted) == 1
    assert quoted[0] in said
