"""Another process may hold the file's lock: nobody waits for it longer than Slack waits for us."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import reports
from storage.database import open_database
from storage.engine import LOCK_WAIT, Database
from storage.reports import NewReport
from storage.store import NotStoredError, Store

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "here"})
SLACK_WAITS = 3.0


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path / "constat.db")
    yield opened
    opened.close()


@pytest.fixture
def locked(store: Store, tmp_path: Path) -> Iterator[Database]:
    """Another process's connection that holds the write lock."""
    other = open_database(tmp_path / "constat.db")
    other.execute("begin immediate")
    yield other
    other.rollback()
    other.close()


async def add(store: Store, key: str, *, after: float = 0.0) -> object:
    await asyncio.sleep(after)
    async with asyncio.timeout(SLACK_WAITS):
        return await store.write_urgent(reports.add, replace(NEW, key=key), now=T0)


@pytest.mark.usefixtures("locked")
async def test_each_form_is_answered_in_time_whenever_it_comes_to_a_locked_file(
    store: Store,
) -> None:
    waits = [n * LOCK_WAIT / 4 for n in range(8)]
    jobs = [add(store, f"{wait}", after=wait) for wait in waits]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [NotStoredError] * len(waits)


@pytest.mark.usefixtures("locked")
async def test_a_form_behind_the_bots_own_work_is_answered_in_time(store: Store) -> None:
    own = [
        asyncio.create_task(store.write(reports.add, replace(NEW, key=f"{n}"), now=T0))
        for n in range(3)
    ]
    with pytest.raises(NotStoredError, match="locked"):
        await add(store, "form", after=LOCK_WAIT * 0.9)
    await asyncio.gather(*own, return_exceptions=True)


async def test_what_waits_for_a_lock_is_stored_once_it_is_given_back(
    store: Store, locked: Database
) -> None:
    waiting = asyncio.create_task(add(store, "one"))
    await asyncio.sleep(0.1)
    locked.execute("rollback")
    assert await waiting == (1, True)


@pytest.mark.usefixtures("locked")
async def test_a_read_does_not_wait_for_a_lock(store: Store) -> None:
    async with asyncio.timeout(LOCK_WAIT / 2):
        assert await store.read(reports.get, 1) is None


async def test_a_read_sees_every_write_that_was_awaited_before_it(store: Store) -> None:
    seen = []
    for n in range(50):
        await add(store, f"{n}")
        seen.append(await store.read(reports.sent_by, f"{n}"))
    assert seen == list(range(1, 51))


async def test_a_read_goes_on_beside_a_write(store: Store) -> None:
    written = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(db: Database) -> object:
        number, new = reports.add(db, NEW, now=T0)
        asyncio.run_coroutine_threadsafe(written.wait(), loop).result()
        return number, new

    writing = asyncio.create_task(store.write(slow))
    await asyncio.sleep(0.05)
    before = await store.read(reports.sent_by, "key")
    written.set()
    await writing
    assert before is None
    assert await store.read(reports.sent_by, "key") == 1


async def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match="readonly"):
        await store.read(reports.add, NEW, now=T0)


async def test_a_fault_is_known_until_something_is_stored_again_and_logged_once(
    store: Store, locked: Database, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = [add(store, "a"), add(store, "b", after=LOCK_WAIT / 4)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [NotStoredError, NotStoredError]
    assert store.fault() == "nothing can be stored: database is locked"
    errors = [line for line in caplog.records if line.levelno >= logging.ERROR]
    assert [line.getMessage() for line in errors] == ["nothing of several jobs was stored"]
    locked.execute("rollback")
    await add(store, "c")
    assert store.fault() is None
