"""What PostgreSQL does to the store: connections end, servers crash, and answers are lost."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from storage import audit, reports
from storage.address import PostgresAddress
from storage.engine import Database, UnusableDatabaseError
from storage.opening import open_database
from storage.postgres.database import LOCK
from storage.reports import NewReport
from storage.store import NotReadError, NotStoredError, Store
from tests.postgres_proxy import Proxy
from tests.postgres_server import Server, server

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "here"})


@pytest.fixture
def database(postgres: Server) -> Iterator[PostgresAddress]:
    with postgres.database() as made:
        yield made


@pytest.fixture
async def store(database: PostgresAddress) -> AsyncIterator[Store]:
    made = Store(database)
    yield made
    made.close()


async def add(store: Store, key: str) -> Any:
    return await store.write_urgent(reports.add, replace(NEW, key=key), now=T0)


@contextmanager
def opened(proxy: Proxy, database: PostgresAddress) -> Iterator[Store]:
    """A store whose connections go through a proxy."""
    store = Store(replace(database, url=proxy.url("tests")))
    try:
        yield store
    finally:
        store.close()


def keys(db: Database) -> list[str]:
    return [row["key"] for row in db.execute("select key from reports order by number")]


def end_connections(address: PostgresAddress) -> None:
    with psycopg.connect(address.url, autocommit=True) as conn:
        conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


async def test_connections_that_ended_are_made_anew_and_nobody_notices(
    store: Store, database: PostgresAddress
) -> None:
    await add(store, "before")
    end_connections(database)
    await add(store, "after")
    assert await store.read(keys) == ["before", "after"]
    assert store.fault() is None


async def test_a_connection_that_ends_within_a_job_is_made_anew_and_the_job_done_again(
    store: Store, database: PostgresAddress
) -> None:
    ended: list[bool] = []

    def job(db: Database) -> None:
        if not ended:
            ended.append(True)
            end_connections(database)
        reports.add(db, NEW, now=T0)

    await store.write(job)
    assert await store.read(keys) == ["key"]


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
async def test_a_commit_without_an_answer_is_asked_about(
    database: PostgresAddress, postgres: Server, *, behind: bool
) -> None:
    """The connection ends before the commit reaches the server, or behind it."""
    with Proxy(postgres.folder) as proxy, opened(proxy, database) as store:
        await add(store, "before")
        proxy.cut_at(b"commit", behind=behind)
        assert (await add(store, "cut"))[1]
        assert proxy.cuts == 1
        assert await store.read(keys) == ["before", "cut"]
        assert await store.read(lambda db: list(audit.faults(db))) == []


async def test_a_transaction_id_that_a_crash_gave_to_another_bot_proves_no_commit() -> None:
    """A crashed server forgets the ids of transactions that it has not written, and gives them
    again."""
    with (
        server(durable=True) as own,
        own.empty_database() as address,
        closing(Store(address)) as store,
    ):
        await add(store, "before")
        crashes: list[str] = []

        def job(db: Database) -> None:
            db.execute("insert into alerts (number) values (1)")
            if not crashes:
                crashes.append("the statement was not sent yet")
                own.stop(signal.SIGQUIT)
                own.restart()
                commit_several(address)

        await store.write(job)
        assert await store.read(alerted) == [1]


def alerted(db: Database) -> list[int]:
    return [row["number"] for row in db.execute("select number from alerts")]


def commit_several(address: PostgresAddress) -> None:
    with psycopg.connect(address.url, autocommit=True) as other:
        other.execute("create table theirs (id integer)")
        for number in range(5):
            other.execute("insert into theirs values (%s)", [number])


async def test_a_connection_keeps_one_row_of_its_commits_until_it_is_closed(
    database: PostgresAddress,
) -> None:
    killed = "insert into commits values ('killed', 7, now() - interval '25 hours')"
    with psycopg.connect(database.url, autocommit=True) as conn:
        conn.execute(killed)
        store = Store(database)
        await add(store, "a")
        await add(store, "b")
        assert conn.execute("select number from commits").fetchall() == [(2,)]
        store.close()
        assert conn.execute("select number from commits").fetchall() == []


async def test_a_lock_that_is_held_too_long_is_the_failure_of_all_who_wait(
    store: Store, database: PostgresAddress
) -> None:
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [LOCK])
        results = await asyncio.gather(add(store, "a"), add(store, "b"), return_exceptions=True)
    assert [type(result) for result in results] == [NotStoredError] * 2
    await add(store, "c")
    assert await store.read(keys) == ["c"]
    assert store.fault() is None


async def test_a_database_that_only_reads_takes_nothing_until_it_is_written_again(
    store: Store, database: PostgresAddress
) -> None:
    with psycopg.connect(database.url, autocommit=True) as admin:
        admin.execute("alter database tests set default_transaction_read_only = on")
    end_connections(database)
    with pytest.raises(NotStoredError, match="read-only"):
        await add(store, "a")
    assert "read-only" in str(store.fault())
    with psycopg.connect(database.url, autocommit=True) as again:
        again.execute("set default_transaction_read_only = off")
        again.execute("alter database tests reset default_transaction_read_only")
    assert await add(store, "b") == (1, True)
    assert store.fault() is None


async def test_a_job_that_hides_the_error_of_a_statement_is_not_stored(store: Store) -> None:
    def job(db: Database) -> None:
        with suppress(psycopg.Error):
            db.execute("select nothing from nowhere").fetchone()
        db.execute("insert into alerts (number) values (1)")

    with pytest.raises(NotStoredError):
        await store.write(job)
    assert await add(store, "after") == (1, True)


async def test_one_statement_that_fails_leaves_the_other_jobs_of_its_batch(store: Store) -> None:
    """Its error is found with the commit, because nobody asks for its result."""

    def job(db: Database) -> None:
        db.execute("insert into alerts (number) values (1000)")  # there is no such report

    results = await asyncio.gather(
        add(store, "a"), store.write_urgent(job), add(store, "b"), return_exceptions=True
    )
    assert list(results[::2]) == [(1, True), (2, True)]
    assert isinstance(results[1], NotStoredError)
    assert await store.read(keys) == ["a", "b"]


async def test_a_column_that_a_newer_bot_adds_disturbs_nobody(
    store: Store, database: PostgresAddress
) -> None:
    def every_column(db: Database) -> list[str]:
        return list(db.execute("select * from alerts").fetchone().keys())

    def kept(db: Database) -> None:
        db.execute("insert into alerts (number) values (1)")

    await add(store, "a")
    await store.write(kept)
    before = await store.read(every_column)
    in_writer = await store.write(every_column)
    with psycopg.connect(database.url, autocommit=True) as newer:
        newer.execute("alter table alerts add column later text")
    try:
        assert await store.read(every_column) == [*before, "later"]
        assert await store.write(every_column) == [*in_writer, "later"]
    finally:
        with psycopg.connect(database.url, autocommit=True) as older:
            older.execute("alter table alerts drop column later")


async def test_a_server_that_crashes_is_used_again_when_it_is_back() -> None:
    with server(durable=True) as own, own.empty_database() as address:
        store = Store(address)
        await add(store, "before")
        own.stop(signal.SIGQUIT)
        began = time.monotonic()
        with pytest.raises(NotStoredError):
            await add(store, "meanwhile")
        with pytest.raises(NotReadError):
            await store.read(keys)
        assert time.monotonic() - began < 60
        assert "cannot be used" in str(store.fault())
        own.restart()
        assert await add(store, "after") == (2, True)
        assert await store.read(keys) == ["before", "after"]
        assert store.fault() is None
        store.close()


def test_a_server_that_could_lose_a_commit_is_refused(database: PostgresAddress) -> None:
    with pytest.raises(UnusableDatabaseError, match="fsync = off") as refused:
        open_database(replace(database, durable=True))
    assert "tests" in str(refused.value)


def test_another_programs_database_is_refused_and_left_as_it_is(postgres: Server) -> None:
    with postgres.empty_database() as address:
        with psycopg.connect(address.url, autocommit=True) as conn:
            conn.execute("create table theirs (id integer)")
        with pytest.raises(UnusableDatabaseError, match="not a database of constat"):
            open_database(address)
        with psycopg.connect(address.url) as conn:
            tables = conn.execute("select tablename from pg_tables where schemaname = 'public'")
            assert tables.fetchall() == [("theirs",)]


def test_the_address_is_shown_without_its_password() -> None:
    address = PostgresAddress("postgresql://constat:secret@db.example/constat?sslmode=verify-full")
    assert f"{address} {address!r}".count("secret") == 0
    assert str(address) == "postgresql://constat@db.example/constat"
