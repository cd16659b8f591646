"""A disk or a server that hangs: nobody waits for it, and nobody is told what may be untrue."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.patience import PATIENCE
from storage import reports
from storage.address import PostgresAddress
from storage.engine import Database
from storage.postgres import engine
from storage.reports import NewReport
from storage.store import NotStoredError, Store, UncertainError
from tests.postgres_proxy import Proxy
from tests.postgres_server import Server

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "here"})
WITHIN = 0.2


class Hanging:
    """A job that hangs until it is released."""

    def __init__(self) -> None:
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self, db: Database) -> None:
        reports.add(db, replace(NEW, key="hanging"), now=T0)
        self.begun.set()
        self.released.wait()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "constat.db", answers_within=WITHIN)) as store:
        yield store


def keys(db: Database) -> list[str]:
    return [row["key"] for row in db.execute("select key from reports order by number")]


async def add(store: Store, key: str) -> Any:
    return await store.write_urgent(reports.add, replace(NEW, key=key), now=T0)


async def test_a_job_that_was_not_begun_in_time_is_never_done(store: Store) -> None:
    hanging = Hanging()
    first = asyncio.create_task(store.write(hanging))
    await asyncio.to_thread(hanging.begun.wait)
    with pytest.raises(NotStoredError, match="does not answer"):
        await add(store, "waiting")
    assert store.fault() == "nothing can be stored: the database does not answer"
    hanging.released.set()
    await first
    await add(store, "after")
    assert await store.read(keys) == ["hanging", "after"]
    assert store.fault() is None


async def test_a_job_that_hangs_is_uncertain_until_the_database_answers(store: Store) -> None:
    hanging = Hanging()
    with pytest.raises(UncertainError, match="does not answer"):
        await store.write_urgent(hanging)
    assert hanging.begun.is_set()
    hanging.released.set()
    await add(store, "after")
    assert await store.read(keys) == ["hanging", "after"]


async def test_a_job_that_no_person_waits_for_has_its_time(store: Store) -> None:
    hanging = Hanging()
    first = asyncio.create_task(store.write(hanging))
    await asyncio.to_thread(hanging.begun.wait)
    second = asyncio.create_task(store.write(reports.add, NEW, now=T0))
    await asyncio.sleep(2 * WITHIN)
    hanging.released.set()
    await asyncio.gather(first, second)
    assert await store.read(keys) == ["hanging", "key"]


@pytest.mark.postgres
async def test_a_server_that_does_not_answer_makes_nobody_wait(postgres: Server) -> None:
    with postgres.database(), Proxy(postgres.folder) as proxy:
        through = PostgresAddress(proxy.url("tests"), durable=False)
        with closing(Store(through, answers_within=WITHIN)) as store:
            await add(store, "before")
            proxy.stall(1.0)
            with pytest.raises(NotStoredError, match="does not answer"):
                await add(store, "begins")
            with pytest.raises(NotStoredError, match="does not answer"):
                await add(store, "waits")
            assert await store.write(keys) == ["before"]
            await add(store, "after")
            assert await store.read(keys) == ["before", "after"]


@pytest.mark.postgres
async def test_a_commit_that_hangs_is_uncertain_and_asking_again_stores_nothing_twice(
    postgres: Server,
) -> None:
    with postgres.database(), Proxy(postgres.folder) as proxy:
        through = PostgresAddress(proxy.url("tests"), durable=False)
        with closing(Store(through, answers_within=WITHIN)) as store:
            await add(store, "before")
            proxy.stall_at(b"commit", seconds=1.0)
            with pytest.raises(UncertainError, match="does not answer"):
                await add(store, "hangs")
            assert await store.write(reports.add, replace(NEW, key="hangs"), now=T0) == (2, False)
            assert await store.read(keys) == ["before", "hangs"]


@contextmanager
def frozen_connections(running: Server) -> Iterator[None]:
    """The server's processes of all open connections stand still, and new ones work."""
    sql = "select pid from pg_stat_activity where application_name = 'constat'"
    with running.admin() as admin:
        pids = [pid for (pid,) in admin.execute(sql)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.postgres
async def test_a_connection_whose_server_process_hangs_is_replaced(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_SILENCE", 0.3)
    with postgres.database() as address, closing(Store(address)) as store:
        await add(store, "before")
        with frozen_connections(postgres):
            async with asyncio.timeout(PATIENCE):
                assert await store.read(keys) == ["before"]
                await store.write(reports.add, replace(NEW, key="after"), now=T0)
        assert await store.read(keys) == ["before", "after"]
        assert store.fault() is None
