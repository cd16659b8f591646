"""A move takes everything along, and never leaves two databases that a bot would use."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import audit, moves, reports
from storage.address import DatabaseAddress, PostgresAddress
from storage.engine import Database, UnusableDatabaseError, transaction
from storage.move import move, tables
from storage.moves import Mark, MoveRefusedError
from storage.opening import open_database, open_for_reading
from storage.reports import NewReport
from storage.store import Store
from tests.postgres_server import Server

T0 = 1_800_000_000.5
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "é \u2028"}, targets=["a"])
pytestmark = pytest.mark.postgres


@pytest.fixture
def server(postgres: Server) -> Iterator[PostgresAddress]:
    with postgres.database() as address:
        yield address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a row in every table, whose newest report was deleted."""
    path = tmp_path / "old.db"
    with closing(open_database(path)) as db, transaction(db):
        for number in range(3):
            reports.add(db, NewReport(**{**vars(NEW), "key": f"{number}"}), now=T0)
        for table, columns in tables().items():
            add_row(db, table, columns)
    return path


def add_row(db: Database, table: str, columns: Any) -> None:
    """Put a row into a table that has none."""
    values: dict[str, Any] = {
        row["name"]: {"real": 1.5, "integer": 1, "boolean": 1}.get(row["type"].lower(), "x")
        for row in db.execute(f"pragma table_xinfo({table})")
        if row["name"] in columns
    }
    marks = ", ".join("?" for _ in values)
    db.execute(
        f"insert into {table} ({', '.join(values)}) select {marks}"  # noqa: S608 - ours
        f" where not exists (select 1 from {table})",
        list(values.values()),
    )


def everything(address: Any) -> dict[str, set[tuple[Any, ...]]]:
    with closing(open_for_reading(address)) as db:
        found: dict[str, set[tuple[Any, ...]]] = {}
        for table, columns in tables().items():
            rows = db.execute(f"select {', '.join(columns)} from {table}")  # noqa: S608 - ours
            found[table] = {tuple(row) for row in rows}
    return found


async def next_number(address: Any) -> int:
    with closing(Store(address)) as store:
        number, _ = await store.write_urgent(reports.add, NEW, now=T0)
        assert await store.read(lambda db: list(audit.faults(db))) == []
    return int(number)


async def test_everything_moves_to_a_server_and_back(
    file: Path, server: PostgresAddress, tmp_path: Path
) -> None:
    before = everything(file)
    assert [table for table, rows in before.items() if not rows] == []
    assert move(file, server).rows["reports"] == 3
    assert everything(server) == before
    with pytest.raises(UnusableDatabaseError, match="was moved to postgresql://"):
        Store(file)
    assert await next_number(server) == 4
    back = tmp_path / "new.db"
    assert move(server, back).rows["reports"] == 4
    with pytest.raises(UnusableDatabaseError, match=r"was moved to .*new\.db"):
        Store(server)
    with closing(Store(back)) as store:
        number, _ = await store.write_urgent(
            reports.add, NewReport(**{**vars(NEW), "key": "last"}), now=T0
        )
    assert number == 5


@pytest.mark.parametrize("running", [0, 1], ids=["source", "target"])
def test_nothing_is_moved_beside_a_running_bot(
    file: Path, server: PostgresAddress, running: int
) -> None:
    databases: tuple[DatabaseAddress, DatabaseAddress] = (file, server)
    with (
        closing(Store(databases[running])),
        pytest.raises(MoveRefusedError, match=r"stop (the|every) bot first"),
    ):
        move(file, server)
    assert move(file, server).rows["reports"] == 3


def test_nothing_is_moved_into_a_database_that_holds_something(
    file: Path, server: PostgresAddress
) -> None:
    with closing(open_database(server)) as db, transaction(db):
        reports.add(db, NEW, now=T0)
    with pytest.raises(MoveRefusedError, match="is not empty"):
        move(file, server)
    Store(file).close()


def test_a_change_that_breaks_the_audit_trail_is_not_moved(
    file: Path, server: PostgresAddress
) -> None:
    with closing(open_database(file)) as db, transaction(db):
        db.execute("update reports set payload = '{}' where number = 1")
    with pytest.raises(MoveRefusedError, match="the audit trail does not fit"):
        move(file, server)
    assert everything(server)["reports"] == set()
    Store(file).close()


@pytest.mark.parametrize("cut_before", ["the old one is marked", "the new one is free"])
def test_a_move_that_was_cut_off_is_finished_by_another_try(
    file: Path, server: PostgresAddress, cut_before: str
) -> None:
    """Until then no bot starts on the new database."""
    before = everything(file)
    move(file, server)
    with closing(open_database(server)) as db, transaction(db):
        moves.put(db, Mark("from", str(file)))
    with closing(open_database(file)) as db, transaction(db):
        db.execute("delete from moves where ? = 'the old one is marked'", [cut_before])
    with pytest.raises(UnusableDatabaseError, match="is not finished: run constat move again"):
        Store(server)
    assert move(file, server).rows["reports"] == 3
    assert everything(server) == before
    Store(server).close()
