"""The operator's commands on a PostgreSQL database say and do what they do on a file."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.address import PostgresAddress
from storage.engine import transaction
from storage.opening import open_database
from tests.commands.conftest import Run
from tests.commands.files import BOB, add, file_report, refuse
from tests.engines import use_postgres
from tests.postgres_server import Server

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("database")]


@pytest.fixture
def database(postgres: Server, tmp_path: Path) -> Iterator[PostgresAddress]:
    """A filed and a refused report of Bob, and one that waits."""
    with postgres.database() as address:
        use_postgres(tmp_path, address)
        with closing(open_database(address)) as db, transaction(db):
            file_report(db)
            refuse(db)
            add(db)
        yield address


def test_the_log_lists_reports_by_their_states_people_and_words(run: Run) -> None:
    refused = run("log", "--state", "refused", "--json").lines
    assert [json.loads(line)["number"] for line in refused] == [2]
    assert len(run("log", "--who", BOB, "--limit", "2", "--json").lines) == 2
    assert run("log", "--text", "PRIX fausse", "--json").lines == []
    assert len(run("log", "--text", "PRIX faux", "--json").lines) == 3


def test_a_report_is_shown_whole_and_the_week_counted(run: Run) -> None:
    assert "refused" in run("show", "2").out
    assert "Reports: 3" in run("week", "--of", "2026-11-24").out


def test_the_history_is_verified(run: Run, database: PostgresAddress) -> None:
    assert run("log", "--verify").lines == ["the history fits"]
    with closing(open_database(database)) as db, transaction(db):
        db.execute("update reports set payload = '{}' where number = 2")
    changed = run("log", "--verify")
    assert changed.status == 1
    assert changed.lines == ["report 2 does not hold what its history says"]


def test_the_last_report_that_was_deleted_is_missed(run: Run, database: PostgresAddress) -> None:
    with closing(open_database(database)) as db, transaction(db):
        db.execute("delete from receipts where number = 3")
        db.execute("delete from targets where number = 3")
        db.execute("delete from history where number = 3")
        db.execute("delete from reports where number = 3")
    assert run("log", "--verify").status == 1


def test_a_decision_is_stored(run: Run) -> None:
    assert run("retry", "2", "--as", "ops").status == 0
    assert "waiting" in run("show", "2").out


def test_a_persons_words_are_erased_and_the_history_fits(run: Run) -> None:
    forgot = run("forget", "--person", BOB, "--yes")
    assert forgot.status == 1
    assert "still to be sent, so left: 3 (waiting)" in forgot.err
    assert "Le prix" not in run("show", "2").out
    assert run("log", "--verify").status == 0


def test_a_backup_is_left_to_postgresql(run: Run, tmp_path: Path) -> None:
    refused = run("backup", str(tmp_path / "copy"))
    assert refused.status == 1
    assert "pg_dump --format=custom" in refused.err


def test_the_doctor_names_a_server_that_could_lose_commits(run: Run) -> None:
    found = run("doctor")
    assert found.status == 2
    assert "FAULT    database" in found.out
    assert "fsync = off" in found.out
