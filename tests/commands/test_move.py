"""`constat move` from a file to a server: what it prints, and what refuses the file afterwards."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine import transaction
from storage.opening import open_database
from tests.commands.conftest import Run
from tests.commands.files import BOB, file_report
from tests.postgres_server import Server

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(postgres: Server, tmp_path: Path) -> Iterator[str]:
    with closing(open_database(tmp_path / "constat.db")) as db, transaction(db):
        file_report(db)
    with postgres.empty_database() as address:
        yield address.url


def test_a_server_that_could_lose_commits_gets_nothing(run: Run, server: str) -> None:
    refused = run("move", "--to", server)
    assert refused.status == 1
    assert "fsync = off" in refused.err
    assert run("log", "--verify").status == 0


def test_the_file_is_not_moved_beside_a_bot_or_onto_itself(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    with closing(open_database(path)):
        beside = run("move", "--to", str(tmp_path / "new.db"))
        assert beside.err.splitlines()[-1].startswith("constat: stop the bot first")
    assert "is the database itself" in run("move", "--to", str(path)).err
    assert "neither a path nor" in run("move", "--to", "mysql://x").err


def test_a_file_that_was_moved_can_be_read_and_not_written(run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    with closing(open_database(tmp_path / "constat.db")) as db, transaction(db):
        file_report(db)
    moved = run("move", "--to", str(new))
    assert moved.lines[0].startswith(f"moved to {new}: reports 1, rows ")
    assert moved.lines[1] == f"Set CONSTAT_DB={new} before you start the bot."
    sites = tmp_path / "sites.csv"
    sites.write_text("id;name\n7;Nord\n")
    copy = tmp_path / "copy.db"
    for command in (
        ("retry", "1"),
        ("discard", "1", "--yes"),
        ("settle", "1", "--yes"),
        ("forget", "--person", BOB, "--yes"),
        ("catalogue", "load", str(sites)),
        ("backup", str(copy)),
    ):
        refused = run(*command)
        assert refused.status == 1, command
        assert f"was moved to {new}: set CONSTAT_DB to that address" in refused.err, command
    assert not copy.exists()
    assert run("show", "1").status == 0
    assert run("log", "--verify", CONSTAT_DB=str(new)).lines == ["the history fits"]
