"""What the file keeps: all of a job or nothing, and nothing is said to be kept that is not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage import reports
from storage.database import open_database, open_for_reading
from storage.engine import Database
from storage.reports import NewReport
from storage.store import NotStoredError, Store

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "here"})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "constat.db")
    yield store
    store.close()


def kept(tmp_path: Path) -> list[str]:
    """The keys of what another connection finds in the file."""
    db = open_for_reading(tmp_path / "constat.db")
    try:
        return [row["key"] for row in db.execute("select key from reports order by number")]
    finally:
        db.close()


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def add(store: Store, key: str) -> Any:
    return await store.write_urgent(reports.add, replace(NEW, key=key), now=T0)


async def several(store: Store, *jobs: Any) -> list[Any]:
    """Ask for all at once, behind one job that lasts until they are asked for."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def busy(_: Database) -> None:
        asyncio.run_coroutine_threadsafe(asked.wait(), loop).result()

    first = asyncio.create_task(store.write(busy))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(job) for job in jobs]
    await asyncio.sleep(0.05)
    asked.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    await first
    return results


def _do(db: Database, sql: str) -> None:
    db.execute(sql).fetchall()


def fails(db: Database) -> None:
    db.execute("update reports set who = 'changed'")
    raise RuntimeError("a job of its own fault")


async def test_what_arrives_together_is_one_transaction(store: Store) -> None:
    statements: list[str] = []
    await store.write(lambda db: db.conn.set_trace_callback(statements.append))
    await several(store, *(add(store, f"{n}") for n in range(10)))
    begun = [statement for statement in statements if statement.lower().startswith("begin")]
    assert len(begun) == 2  # the job before them, and all ten


async def test_a_job_that_fails_is_undone_and_the_others_are_kept(
    store: Store, tmp_path: Path
) -> None:
    results = await several(store, add(store, "a"), store.write_urgent(fails), add(store, "b"))
    changed = "select number from reports where who = 'changed'"
    assert type(results[1]) is RuntimeError
    assert kept(tmp_path) == ["a", "b"]
    assert await store.read(lambda db: db.execute(changed).fetchall()) == []


async def test_a_full_disk_is_everybodys_failure_and_nothing_is_kept(
    store: Store, tmp_path: Path
) -> None:
    await add(store, "before")
    full = "pragma max_page_count = 1"  # SQLite makes it as many as there are
    await store.write(_do, full)
    big = replace(NEW, payload={"words": "x" * 100_000})
    jobs = [store.write_urgent(reports.add, replace(big, key=f"{n}"), now=T0) for n in range(3)]
    results = await several(store, *jobs)
    assert ([type(result) for result in results], kept(tmp_path)) == (
        [NotStoredError] * 3,
        ["before"],
    )


async def test_there_is_room_again_and_the_store_goes_on(store: Store, tmp_path: Path) -> None:
    big = replace(NEW, payload={"words": "x" * 100_000})
    for pages in (1, 1_000_000):
        pragma = f"pragma max_page_count = {pages}"
        await store.write(_do, pragma)
        await several(store, store.write_urgent(reports.add, replace(big, key=f"{pages}"), now=T0))
    assert kept(tmp_path) == ["1000000"]


async def test_a_file_locked_for_too_long_is_told_to_all_who_wait(
    store: Store, tmp_path: Path
) -> None:
    other = open_database(tmp_path / "constat.db")
    other.execute("begin immediate")
    results = await asyncio.gather(add(store, "a"), add(store, "b"), return_exceptions=True)
    other.execute("rollback")
    other.close()
    await add(store, "c")
    assert ([type(result) for result in results], kept(tmp_path)) == ([NotStoredError] * 2, ["c"])


async def test_people_who_wait_go_before_the_bots_own_work(store: Store) -> None:
    order: list[str] = []

    def job(_: Database, name: str) -> None:
        order.append(name)

    await several(store, store.write(job, "own"), store.write_urgent(job, "person"))
    assert order == ["person", "own"]


@pytest.mark.parametrize(("gives_way", "transactions"), [(60.0, 3), (0.0, 2)])
async def test_the_bots_own_work_gives_way_to_people_but_not_for_ever(
    tmp_path: Path, gives_way: float, transactions: int
) -> None:
    """Beside the job before them: theirs and then its own, or one for both."""
    store = Store(tmp_path / "constat.db", gives_way=gives_way)
    statements: list[str] = []
    await store.write(lambda db: db.conn.set_trace_callback(statements.append))
    await several(store, store.write(_do, "select 1"), add(store, "a"), add(store, "b"))
    store.close()
    begun = [statement for statement in statements if statement.lower().startswith("begin")]
    assert len(begun) == transactions


async def test_everything_is_in_the_one_file_after_the_end(tmp_path: Path) -> None:
    store = Store(tmp_path / "constat.db")
    await add(store, "a")
    store.close()
    assert files(tmp_path) == ["constat.db"]
