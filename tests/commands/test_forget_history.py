"""After `constat forget` the audit trail is whole, and every change of it is found."""

import re
import sqlite3
import time
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import audit, erasure
from storage.database import open_database
from storage.erasure import Rule
from storage.migrations import migrations
from tests.commands.conftest import Run
from tests.commands.erasures import FITS, SECRET, left, rows, verified, wrote
from tests.commands.files import (
    ALICE,
    ISSUE,
    T0,
    file_report,
    writing,
)
from tests.commands.files import BOB as REPORTER
from tests.storage import old_chain


def test_the_history_says_when_by_which_rule_and_by_whom(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    begin = time.time()
    run("forget", "--person", REPORTER, "--yes", "--as", "jeanne")
    run("forget", "--older-than", "30d", "--yes")
    history = run("show", "1").out.partition("History")[2].partition("Calls")[0]
    assert re.split("  +", history.splitlines()[-2])[1:] == [
        "filed",
        "jeanne (operator)",
        "the words were erased: a person's reports",
    ]
    [(at,)] = rows(tmp_path, "select at from history where who is not null")
    assert isinstance(at, float)
    assert begin <= at <= time.time()


def old_file(folder: Path) -> None:
    """The file of a version whose hashes had no salts, with one filed report."""
    db = Database(folder / "constat.db")
    db.conn.row_factory = sqlite3.Row
    migrations.apply(db, stop_before="2026-11-27 salts and erasures")
    db.execute(
        "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
        " changed_at, next_try) values ('k', 'report_issue', 'immoteur', ?, ?, '{}', ?,"
        " 'waiting', '{}', ?, ?)",
        [REPORTER, T0, f'{{"comment":"{SECRET}"}}', T0, T0],
    )
    for state in ("waiting", "filed"):
        db.execute("update reports set state = ?", [state])
        row = db.execute("select * from reports").fetchone()
        old_chain.append(db, row, {"why": "submitted", "by": REPORTER}, T0)
    db.conn.commit()
    db.close()
    open_database(folder / "constat.db").close()


def test_a_report_from_before_the_salts_is_erased_too(tmp_path: Path, run: Run) -> None:
    old_file(tmp_path)
    assert verified(run) == FITS
    assert run("forget", "--person", REPORTER, "--yes").status == 0
    assert left(tmp_path, SECRET, REPORTER) == []
    assert verified(run) == FITS


def erased_file(folder: Path) -> None:
    """Reports 1 and 2, of which the first is erased. History: 1 to 3, 4 to 6, and 7 for it."""
    with writing(folder) as db:
        file_report(db)
        file_report(db, who=ALICE)
        erasure.erase_reports(db, Rule("test", person=REPORTER), now=T0 + 60, limit=9)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update history set at = at + 1 where id = 2",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set state = 'held' where id = 2",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set cause = '{}' where id = 1",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set erased_by = 6 where id = 2",
         "history row 6 (report 2) does not fit the rows that it covers"),
        ("update history set erased_by = 7, who = null, salt = null where id = 4",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set erased_by = 99, who = null, salt = null where id = 6",
         "history row 6 (report 2) was erased, and no row says so"),
        ("update history set erased_by = null where id = 1",
         "history row 1 (report 1) does not fit the row before"),
        ("update history set who = 'U0SOMEBODY' where id = 2",
         "history row 2 (report 1) is marked as erased, and is not"),
        ("update history set hash = '' where id = 3",
         "history row 4 (report 2) does not fit the row before"),
        ("delete from history where id = 2", "history row 2 is missing"),
        ("delete from history where id = 7", "history row 7 is missing"),
        ("update reports set payload = '{\"x\":1}' where number = 1",
         "report 1 does not hold what its history says"),
        ("update reports set remote_id = 'another' where number = 1",
         "report 1 does not hold what its history says"),
        ("update reports set salt = null where number = 2",
         "report 2 does not hold what its history says"),
        ("update history set salt = null where id = 5",
         "history row 5 (report 2) does not fit the row before"),
        ("update reports set payload = '{}', salt = null, erased_at = 1 where number = 2",
         "report 2 does not hold what its history says"),
    ],
)  # fmt: skip
def test_a_change_after_an_erasure_is_found(
    tmp_path: Path, run: Run, statement: str, fault: str
) -> None:
    erased_file(tmp_path)
    assert verified(run) == FITS
    with writing(tmp_path) as db:
        assert db.execute(statement).rowcount == 1
    assert verified(run) == (1, f"{fault}\n")


@pytest.mark.parametrize(
    "statement",
    [
        "update history set at = at + 1 where id = 2",
        "update reports set payload = '{}' where number = 1",
        "update reports set state = 'discarded' where number = 1",
    ],
)
def test_an_erasure_does_not_hide_an_earlier_change(
    tmp_path: Path, run: Run, statement: str
) -> None:
    with writing(tmp_path) as db:
        file_report(db, payload=wrote({**ISSUE}))
        db.execute(statement)
    before = verified(run)
    ended = run("forget", "--person", REPORTER, "--yes")
    assert (before[0], ended.status) == (1, 1)
    assert "Nothing more is erased, because that would hide the change" in ended.err
    assert verified(run) == before


def test_a_person_cannot_be_found_by_trying_hashes(tmp_path: Path) -> None:
    """Everything under an old hash is known but the words, the person and the salt."""
    with writing(tmp_path) as db:
        file_report(db)
        report = db.execute("select * from reports").fetchone()
        history = db.execute("select * from history where id = 1").fetchone()
        erasure.erase_reports(db, Rule("test"), now=T0 + 60, limit=9)
    values = {key: history[key] for key in ("number", "at", "who", "state", "cause")}
    values["report_hash"] = history["report_hash"]
    hashed = [report[key] for key in old_chain.HELD]
    assert old_chain.digest(["0" * 64, values]) != history["hash"]
    assert old_chain.digest(hashed) != history["report_hash"]
    salts = "select 1 from history where salt is not null and erased_by is not null"
    assert rows(tmp_path, salts) == []


def test_the_words_of_the_audit_trail_have_no_person(tmp_path: Path, run: Run) -> None:
    erased_file(tmp_path)
    db = open_database(tmp_path / "constat.db")
    assert list(audit.faults(db)) == []
    db.close()
    assert REPORTER not in run("show", "1").out
