"""What the commands print can be written anywhere, and read by people and by programs."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.arguments import LARGEST
from storage import users
from tests.commands.conftest import Run
from tests.commands.files import ALICE, ANOMALY, BOB, add, name, refuse, writing

LISTS = (("log",), ("log", "--csv"), ("week", "--of", "2026-11-24"), ("show", "1"))


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_a_character_that_the_terminal_lacks_hides_no_report(
    tmp_path: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "田中 ☃")
        add(db)
    ended = run(*arguments, charset="latin-1")
    assert ended.status == 0
    assert r"\u7530\u4e2d \u2603" in ended.out


def test_json_is_whole_in_every_encoding(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "田中 ☃")
        add(db)
    assert json.loads(run("log", "--json", charset="ascii").out)["name"] == "田中 ☃"


@pytest.mark.parametrize("mark", ["\u202e", "\u2067", "\u200f", "\u061c"])
def test_no_name_turns_the_rest_of_a_line_round(tmp_path: Path, run: Run, mark: str) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, f"Bob{mark} Martin")
        add(db)
    assert "Bob Martin" in run("log").lines[1]


@pytest.mark.parametrize("blank", ["\t", "\r", "\n"])
def test_a_spreadsheet_computes_no_text_behind_a_blank(
    tmp_path: Path, run: Run, blank: str
) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, f"{blank}=1+1")
        add(db)
    row = next(csv.DictReader(io.StringIO(run("log", "--csv").out)))
    assert row["name"] == f"'{blank}=1+1".replace("\r", "\n")


@pytest.mark.parametrize(
    ("redirection", "status", "err"),
    [
        (">/dev/full", 1, "constat: the output cannot be written: No space left on device\n"),
        (">&-", 0, ""),
        ("--xlsx /dev/full", 1, "constat: /dev/full cannot be written: No space left on device\n"),
    ],
)
def test_a_list_that_cannot_be_written_is_one_line(
    tmp_path: Path, redirection: str, status: int, err: str
) -> None:
    with writing(tmp_path) as db:
        add(db)
    ended = shell(tmp_path, f"log {redirection}")
    assert (ended.returncode, ended.stderr) == (status, err)


@pytest.mark.parametrize("redirection", ["| true", ">/dev/full", ">&-"])
def test_a_decision_is_made_for_every_report_whoever_reads_the_output(
    tmp_path: Path, run: Run, redirection: str
) -> None:
    with writing(tmp_path) as db:
        for _ in range(3):
            refuse(db)
    ended = shell(tmp_path, f"retry 1 2 3 {redirection}")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(run("log", "--json", "--state", "waiting").lines) == 3


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run `constat` with its output redirected as in a shell."""
    script = f"{sys.executable} -m bot {command}"
    return subprocess.run(  # noqa: S603 - commands of this file
        ["/bin/sh", "-c", script],
        env={"CONSTAT_DB": str(folder / "constat.db")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [("show",), ("retry",), ("settle", "--yes"), ("log", "--limit")], ids=" ".join
)
def test_a_number_that_no_report_can_have_is_named(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, str(LARGEST + 1))
    assert ended.status == 2
    assert f"{LARGEST + 1} is not in the range 1<=x<={LARGEST}" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("log", "--json", "--csv"),
        ("log", "--csv", "--xlsx", "x.xlsx"),
        ("log", "--json", "--verify"),
        ("week", "--json", "--png", "x.png"),
        ("week", "--csv", "--post", "C012AB3CD"),
    ],
    ids=" ".join,
)
def test_one_output_is_chosen_and_not_two(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.status == 2
    assert "give only one of --json, --csv" in ended.err


def test_people_of_one_name_are_told_apart(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        for user in (BOB, ALICE):
            name(db, user, "Jean Dupont")
            add(db, who=user)
    week = json.loads(run("week", "--of", "2026-11-24", "--json").out)
    assert week["person"] == {f"Jean Dupont ({BOB})": 1, f"Jean Dupont ({ALICE})": 1}
    table = run("log").out
    assert f"Jean Dupont ({BOB})" in table
    assert f"Jean Dupont ({ALICE})" in table
    rows = [json.loads(line) for line in run("log", "--json", "--who", "dupont").lines]
    assert [(row["who"], row["name"]) for row in rows] == [
        (BOB, "Jean Dupont"),
        (ALICE, "Jean Dupont"),
    ]


def test_a_week_as_csv_has_a_line_for_each_count(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        users.remember(db, BOB, "fr-FR", now=0, name="Bob Martin")
        add(db)
        add(db, payload=ANOMALY)
    ended = run("week", "--of", "2026-11-24", "--csv")
    assert ended.lines == [
        "by,name,reports",
        "kind,anomaly,1",
        "kind,report_issue,1",
        "state,waiting,2",
        "place,site 20001,1",
        "place,(no place known),1",
        "person,Bob Martin,2",
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "err"),
    [
        (("--who", "carol"), 0, "nobody is called 'carol'\nno report matches\n"),
        (("--who", "U0CAROL"), 0, "no report matches\n"),
        (("--state", "HELD"), 0, "no report matches\n"),
        (("--kind", "fire"), 2, "there is no kind 'fire'; the kinds are anomaly, report_issue\n"),
        (("--since", "2026-11-24", "--until", "2026-11-22"), 2, "--until is before --since\n"),
        (("--since", "2026-11-24T25:00"), 2,
         "'2026-11-24T25:00' is no date: hour must be in 0..23\n"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else None,
)  # fmt: skip
def test_a_list_without_a_report_says_why(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], status: int, err: str
) -> None:
    with writing(tmp_path) as db:
        add(db)
    ended = run("log", *arguments)
    assert ended.status == status
    assert ended.err.endswith(err)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "is not a file"),
        ("missing.db", "does not exist"),
        ("x" * 300, "cannot be read: File name too long"),
    ],
)
def test_a_path_without_a_file_is_named_with_the_reason(
    tmp_path: Path, run: Run, path: str, why: str
) -> None:
    ended = run("log", CONSTAT_DB=str(tmp_path / path))
    assert ended.err.splitlines()[-1].endswith(why)


@pytest.mark.parametrize("nobody", ["", "@", "  "])
def test_a_blank_name_is_nobodys(tmp_path: Path, run: Run, nobody: str) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        refuse(db)
    ended = run("forget", "--person", nobody, "--yes")
    assert (ended.status, ended.err) == (
        1,
        f"constat: nobody is called {nobody!r}: give the Slack id\n",
    )
    assert len(run("log", "--json", "--state", "refused").lines) == 1


def test_an_error_has_no_character_that_a_terminal_obeys(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        for user in (BOB, ALICE):
            name(db, user, "Bob\x1b[31m\r\nMartin\u202e")
    ended = run("forget", "--person", "bob", "--yes")
    assert ended.err == (
        f"constat: 'bob' can be Bob [31m Martin ({ALICE}), Bob [31m Martin ({BOB}):"
        " give the Slack id\n"
    )


@pytest.mark.parametrize(
    ("given", "shown"), [("", "anna"), ("  ", "anna"), ("Jean\n\x1b[1mPaul", "Jean [1mPaul")]
)
def test_the_history_has_the_operators_name_on_one_line(
    tmp_path: Path, run: Run, given: str, shown: str
) -> None:
    with writing(tmp_path) as db:
        refuse(db)
    run("retry", "--as", given, "1", SUDO_USER="anna")
    assert json.loads(run("show", "1", "--json").out)["history"][-1]["who"] == f"operator:{shown}"


def test_a_copy_takes_the_place_of_no_pipe_or_device(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ended = run("backup", "--overwrite", str(pipe))
    assert (ended.status, ended.err) == (1, f"constat: {pipe} is not a file\n")
    assert pipe.is_fifo()
