"""In a terminal, every command can be read without lines that the terminal breaks."""

from pathlib import Path

import pytest

from bot.commands.output import width
from tests.commands.conftest import Run
from tests.commands.files import BOB, ISSUE, add, file_report, name, refuse, writing

LONG = "Le prix affiché ne correspond pas à celui du mandat signé par le vendeur. " * 4
COMMANDS = (
    ("log",),
    ("log", "--stuck"),
    ("show", "1"),
    ("show", "2"),
    ("week", "--of", "2026-11-24"),
    ("doctor",),
)


@pytest.mark.parametrize(("language", "columns"), [("fr", 72), ("en", 80), ("fr", 120)])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_line_is_no_wider_than_the_terminal(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], language: str, columns: int
) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Maximilien-Alexandre de La Rochefoucauld-Montmorency")
        for report in (file_report, refuse, add):
            report(db, payload={**ISSUE, "comment": LONG})
    ended = run(*arguments, COLUMNS=str(columns), CONSTAT_LANGUAGE=language)
    wide = [line for line in ended.lines if width(line) > columns]
    # A link or a path stays whole, so that it can be opened.
    assert [line for line in wide if " " in line.strip()] == []


def test_a_report_has_further_lines_where_the_table_has_no_room(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        refuse(db)
        add(db)
    assert run("log", COLUMNS="80").lines == [
        "number  when              who         state",
        "     1  2026-11-24 11:00  Bob Martin  refused",
        "        Wrong price, Wrong photos · Le prix est faux",
        "        the API refused it: status 422; No such property",
        "     2  2026-11-24 11:00  Bob Martin  waiting",
        "        Wrong price, Wrong photos · Le prix est faux",
        "        next try 2026-11-24 11:00",
    ]


@pytest.mark.parametrize("columns", ["", "0", "wide", "500"])
def test_a_report_is_one_line_where_there_is_room(tmp_path: Path, run: Run, columns: str) -> None:
    with writing(tmp_path) as db:
        add(db)
    assert len(run("log", COLUMNS=columns).lines) == 2
