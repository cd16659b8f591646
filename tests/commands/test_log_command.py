"""`constat log`: which reports it lists, and what it says of each."""

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest

from storage import workspaces
from tests.commands.conftest import Run
from tests.commands.files import (
    ALICE,
    ANOMALY,
    BOB,
    ISSUE,
    T0,
    add,
    file_report,
    lose_answer,
    name,
    refuse,
    writing,
)

DAY = 86_400.0


def numbers(lines: list[str]) -> list[int]:
    """The numbers of the reports in a table."""
    return [int(line.split()[0]) for line in lines[1:]]


def test_the_table_has_a_head_and_a_line_for_each_report(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        file_report(db)
        refuse(db, payload=ANOMALY, who=ALICE)
    assert [re.split("  +", line.strip()) for line in run("log").lines] == [
        ["number", "when", "who", "what", "state", "reason", "next try"],
        [
            "1",
            "2026-11-24 11:00",
            "Bob Martin",
            "Wrong price, Wrong photos · Le prix est faux",
            "filed",
            "confirmed by the API",
            "-",
        ],
        [
            "2",
            "2026-11-24 11:00",
            "U0ALICE",
            "Risk 3 · Issue de secours bloquée + 1 more · site 20001",
            "refused",
            "the API refused it: status 422; No such property",
            "-",
        ],
    ]


def test_a_report_that_waits_has_a_next_try(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db)
    assert run("log").lines[1].endswith("2026-11-24 11:00")


def test_the_subject_is_in_the_language_of_the_channels(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db, payload=ANOMALY)
    assert "Risque 3 · Issue de secours" in run("log", CONSTAT_LANGUAGE="fr").out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--since", "2026-11-25"], [3, 4]),
        (["--until", "2026-11-24"], [1, 2]),
        (["--since", "2026-11-25", "--until", "2026-11-25"], [3]),
        (["--since", "2026-11-25T11:00:01"], [4]),
        (["--state", "filed"], [1, 4]),
        (["--state", "filed", "--state", "unknown"], [1, 3, 4]),
        (["--kind", "anomaly"], [2]),
        (["--who", "martin"], [1, 3]),
        (["--who", "@Bob"], [1, 3]),
        (["--who", ALICE], [2, 4]),
        (["--who", "nobody"], []),
        (["--stuck"], [2, 3]),
        (["--text", "secours"], [2]),
        (["--text", "ISSUE bloquee"], [2]),
        (["--text", "eteint"], [2]),
        (["--text", "e\u0301teint"], [2]),
        (["--text", "SE\u200bCOURS"], [2]),
        (["--text", "faux secours"], []),
        (["--text", "20001"], [2]),
        (["--text", "siteId"], []),
        (["--text", 'dit "oui"'], [4]),
        (["--text", "100%_"], [4]),
        (["--limit", "2"], [3, 4]),
    ],
)
def test_an_option_leaves_the_reports_that_it_names(
    tmp_path: Path, run: Run, options: list[str], expected: list[int]
) -> None:
    payload = {**ISSUE, "comment": 'Il dit "oui" à 100%_'}
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        file_report(db)
        refuse(db, payload=ANOMALY, who=ALICE)
        lose_answer(db, at=T0 + DAY)
        file_report(db, at=T0 + 2 * DAY, who=ALICE, payload=payload)
    ended = run("log", *options)
    assert (ended.status, numbers(ended.lines)) == (0, expected)


def test_a_report_that_waits_is_stuck_after_an_hour(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db, at=time.time() - 3660)
        add(db, at=time.time() - 3540)
    assert numbers(run("log", "--stuck").lines) == [1]


def test_a_long_table_has_the_newest_reports_and_says_so(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        for second in range(201):
            add(db, at=T0 + second)
    ended = run("log")
    assert numbers(ended.lines) == list(range(2, 202))
    assert ended.err == "These are the newest 200 reports. --limit shows more.\n"


def test_json_and_csv_have_all_reports(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        for second in range(201):
            add(db, at=T0 + second)
    assert len(run("log", "--json").lines) == 201
    assert len(run("log", "--csv").lines) == 202


def test_a_line_of_json_has_whole_texts_and_times_in_utc(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        file_report(db, payload={**ISSUE, "comment": "x" * 300})
    assert json.loads(run("log", "--json").out) == {
        "number": 1,
        "createdAt": "2026-11-24T10:00:00.000+00:00",
        "who": BOB,
        "name": "Bob Martin",
        "kind": "report_issue",
        "what": f"Wrong price, Wrong photos · {'x' * 300}",
        "state": "filed",
        "reason": "confirmed by the API",
        "nextTry": None,
        "remoteId": "R-1",
        "changedAt": "2026-11-24T10:00:02.000+00:00",
        "attempts": 1,
        "workspace": None,
    }


@pytest.mark.parametrize(
    ("who", "written", "workspace"), [(BOB, BOB, "T1"), (f"T2/{BOB}", BOB, "T2")]
)
def test_exports_have_the_workspace_of_the_person(
    tmp_path: Path, run: Run, who: str, written: str, workspace: str
) -> None:
    with writing(tmp_path) as db:
        workspaces.remember(db, "T1", "")
        add(db, who=who)
    shown = json.loads(run("log", "--json").out)
    row = next(csv.DictReader(io.StringIO(run("log", "--csv").out)))
    assert (shown["who"], shown["workspace"]) == (written, workspace)
    assert (row["who"], row["workspace"]) == (written, workspace)


@pytest.mark.parametrize(
    ("asked", "found"), [(BOB, [1]), (f"T1/{BOB}", [1]), (f"T2/{BOB}", [2]), ("Bob M", [1, 2])]
)
def test_a_person_is_found_by_the_workspace_and_the_id(
    tmp_path: Path, run: Run, asked: str, found: list[int]
) -> None:
    with writing(tmp_path) as db:
        workspaces.remember(db, "T1", "")
        for who in (BOB, f"T2/{BOB}"):
            name(db, who, "Bob Martin")
            add(db, who=who)
    assert numbers(run("log", "--who", asked).lines) == found


def test_csv_has_a_head_and_times_of_the_reader(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    row = next(csv.DictReader(io.StringIO(run("log", "--csv").out)))
    assert (row["number"], row["createdAt"], row["nextTry"]) == ("1", "2026-11-24 11:00", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_spreadsheet_computes_no_text_of_a_report(tmp_path: Path, run: Run, sign: str) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, f"{sign}1+1")
        add(db)
    row = next(csv.DictReader(io.StringIO(run("log", "--csv").out)))
    assert row["name"] == f"'{sign}1+1"


def test_a_terminal_obeys_no_text_of_a_report(tmp_path: Path, run: Run) -> None:
    title = "red \x1b[31m bell \x07 and\x9b2J\r\nnew line\u2028end"
    with writing(tmp_path) as db:
        add(db, payload={"anomalies": [{"title": title, "risk": 0}]})
    ended = run("log")
    assert "Risk 0 · red  [31m bell   and 2J new line end" in ended.out
    assert len(ended.lines) == 2


def test_a_report_of_an_unknown_kind_is_listed_by_its_kind(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db)
        db.execute("update reports set kind = 'of another version', payload = '[]'")
    assert "of another version" in run("log").lines[1]


def test_a_damaged_report_is_listed_with_what_can_be_read(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db)
        db.execute("update reports set payload = '{', cause = x'00'")
    ended = run("log", "--text", "x")
    assert (ended.status, len(ended.lines)) == (0, 1)
    assert "Property data issue" in run("log").lines[1]


def test_a_wrong_time_is_explained(run: Run) -> None:
    ended = run("log", "--since", "someday")
    assert ended.status == 2
    assert "'someday' is no time: use for example today, yesterday, monday" in ended.err


def test_a_file_of_an_older_version_is_named(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        db.execute("delete from _sqlite_migrations where name = (select max(name) from"
                   " _sqlite_migrations)")  # fmt: skip
    ended = run("log")
    assert ended.status == 1
    assert ended.err.endswith("was written by an older constat: start the bot once to update it\n")


def test_a_config_that_cannot_be_read_hides_no_report(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        add(db)
    ended = run("log", "--json", CONSTAT_CONFIG=str(tmp_path / "nothing.toml"))
    assert (ended.status, len(ended.lines)) == (0, 1)
