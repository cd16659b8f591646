"""The numbers for a monitor are those of the file, and reading them scans no table."""

import random
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlite_utils

from storage import reports
from storage.database import open_database
from storage.engine import Database, transaction
from storage.gauges import read_gauges
from storage.migrations import migrations
from storage.reports import Change, NewReport
from storage.states import State

T0 = 1_800_000_000.0


def add(db: Database, key: str, *, kind: str = "anomaly", api: str = "kare", at: float = T0) -> int:
    new = NewReport(key, kind, api, "U1", origin={}, payload={"words": "x"})
    number, _ = reports.add(db, new, now=at)
    return number


def become(db: Database, number: int, state: State) -> None:
    assert reports.decide(db, number, list(State), Change(state), now=T0)


def counted(db: Database) -> dict[tuple[str, str], int]:
    """The counts that are not 0."""
    counts = read_gauges(db, []).reports
    return {labels: count for labels, count in counts.items() if count}


def scanned(db: Database) -> dict[tuple[str, str], int]:
    rows = db.execute("select kind, state, count(*) as n from reports group by 1, 2")
    return {(row["kind"], row["state"]): row["n"] for row in rows}


def test_the_counts_are_those_of_the_table_whatever_was_done(db: Database) -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    for step in range(300):
        number = add(db, f"key {step}", kind=chance.choice(["anomaly", "report_issue"]))
        become(db, chance.randint(1, number), chance.choice(list(State)))
        reports.edit(db, chance.randint(1, number), f"edit {step}", {}, [], who="U1", now=T0)
    assert counted(db) == scanned(db)
    assert sum(counted(db).values()) == 300


@pytest.mark.parametrize(
    "statement",
    [
        "update reports set state = 'filed', kind = 'other' where number % 2 = 1",
        "update reports set state = state",
        "delete from reports where number > 3",
    ],
)
def test_the_counts_follow_what_another_program_does(db: Database, statement: str) -> None:
    for step in range(6):
        add(db, f"key {step}")
    db.execute("delete from receipts")
    db.execute("delete from history")
    db.execute(statement)
    assert counted(db) == scanned(db)


def test_what_is_rolled_back_is_not_counted(db: Database) -> None:
    with transaction(db):
        add(db, "kept")
    with suppress(RuntimeError), transaction(db):
        add(db, "rolled back")
        raise RuntimeError("of the test")
    assert counted(db) == {("anomaly", "waiting"): 1}


def test_reports_of_an_earlier_version_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    old = sqlite_utils.Database(path)
    old.conn.row_factory = sqlite3.Row
    migrations.apply(old, stop_before="2026-11-27 counts of reports")
    for state in ("waiting", "filed", "waiting", "waiting", "waiting"):
        old.execute(
            "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
            " changed_at, next_try) values (lower(hex(randomblob(8))), 'anomaly', 'kare', 'U1', ?,"
            " '{}', '{}', ?, '{}', ?, ?)",
            [T0, state, T0, T0],
        )
    old.conn.commit()
    old.close()
    db = open_database(path)
    assert counted(db) == {("anomaly", "waiting"): 4, ("anomaly", "filed"): 1}


@pytest.mark.parametrize("state", [State.WAITING, State.HELD, State.SENDING])
def test_the_oldest_unsent_report_is_the_first_that_the_api_does_not_have(
    db: Database, state: State
) -> None:
    filed = add(db, "filed", at=T0)
    become(db, filed, State.FILED)
    oldest = add(db, "oldest", at=T0 + 10)
    become(db, oldest, state)
    add(db, "newer", at=T0 + 20)
    add(db, "of another API", api="immoteur", at=T0 + 5)
    assert read_gauges(db, ["kare", "immoteur", "none"]).oldest_unsent == {
        "kare": T0 + 10,
        "immoteur": T0 + 5,
        "none": None,
    }


@pytest.mark.parametrize("state", [State.FILED, State.REFUSED, State.UNKNOWN, State.DISCARDED])
def test_a_report_that_is_not_sent_by_itself_is_no_unsent_one(db: Database, state: State) -> None:
    become(db, add(db, "key"), state)
    assert read_gauges(db, ["kare"]).oldest_unsent == {"kare": None}


def test_receipts_wait_until_the_newest_version_is_posted(db: Database) -> None:
    add(db, "first")
    add(db, "second")
    db.execute("update receipts set posted = version where number = 1")
    assert read_gauges(db, []).receipts_waiting == 1
    become(db, 1, State.FILED)
    assert read_gauges(db, []).receipts_waiting == 2


def test_the_sizes_are_those_of_the_files(file: sqlite_utils.Database, tmp_path: Path) -> None:
    with transaction(file):
        add(file, "key")
    assert read_gauges(file, []).file_bytes == {
        "database": (tmp_path / "constat.db").stat().st_size,
        "log": (tmp_path / "constat.db-wal").stat().st_size,
    }


def test_the_free_space_is_that_of_the_disk_of_the_file(
    file: sqlite_utils.Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", {tmp_path: SimpleNamespace(free=7)}.__getitem__)
    assert read_gauges(file, []).disk_free_bytes == 7


def test_a_file_without_a_write_ahead_log_has_one_of_size_0(
    file: sqlite_utils.Database, tmp_path: Path
) -> None:
    file.conn.commit()
    file.disable_wal()
    assert not (tmp_path / "constat.db-wal").exists()
    assert read_gauges(file, []).file_bytes["log"] == 0


def test_no_query_scans_the_reports(file: sqlite_utils.Database) -> None:
    """SQLite's own plan: a million reports cost no more than a thousand."""
    statements: list[str] = []
    file.conn.set_trace_callback(statements.append)
    read_gauges(file, ["kare"])
    file.conn.set_trace_callback(None)
    queries = [statement for statement in statements if "select" in statement]
    plan = [
        row["detail"] for query in queries for row in file.execute(f"explain query plan {query}")
    ]
    assert [step for step in plan if step == "SEARCH reports"] == []
    assert {step.split(" USING ")[0] for step in plan if step.startswith("SCAN")} == {
        "SCAN report_counts",
        "SCAN receipts",
    }
    assert "SCAN receipts USING INDEX receipts_by_place" in plan
