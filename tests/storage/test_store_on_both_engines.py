"""The store keeps all of a job or nothing, on either engine, and goes on after every failure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from storage import audit, delivery_queue, reports
from storage.address import DatabaseAddress
from storage.engine import Database
from storage.opening import open_for_reading
from storage.reports import NewReport
from storage.store import NotReadError, NotStoredError, Store
from tests.storage.test_store import several

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "here"})


@pytest.fixture
async def store(address: DatabaseAddress) -> AsyncIterator[Store]:
    made = Store(address)
    yield made
    made.close()


def keys(address: DatabaseAddress) -> list[str]:
    """What another connection finds."""
    with closing(open_for_reading(address)) as db:
        return [row["key"] for row in db.execute("select key from reports order by number")]


async def add(store: Store, key: str) -> Any:
    return await store.write_urgent(reports.add, replace(NEW, key=key), now=T0)


def fails(db: Database) -> None:
    db.execute("update reports set who = 'changed'")
    raise RuntimeError("a job of its own fault")


def is_refused(db: Database) -> None:
    db.execute("update reports set who = 'changed'")
    db.execute("update reports set who = null")


@pytest.mark.parametrize(("job", "error"), [(fails, RuntimeError), (is_refused, NotStoredError)])
async def test_a_job_that_fails_is_undone_and_the_others_are_kept(
    store: Store, address: DatabaseAddress, job: Any, error: type[Exception]
) -> None:
    results = await several(store, add(store, "a"), store.write_urgent(job), add(store, "b"))
    changed = "select number from reports where who = 'changed'"
    assert type(results[1]) is error
    assert keys(address) == ["a", "b"]
    assert await store.read(lambda db: db.execute(changed).fetchall()) == []
    assert (await add(store, "c"))[0] == 3


async def test_a_query_that_fails_spoils_no_other(store: Store) -> None:
    await add(store, "a")
    results = await asyncio.gather(
        store.read(reports.get, 1),
        store.read(lambda db: db.execute("select 1 from no_such_table").fetchall()),
        store.read(reports.get, 1),
        return_exceptions=True,
    )
    assert results[0] == results[2]
    assert type(results[1]) is NotReadError


async def test_two_bots_never_claim_the_same_report_and_the_chain_is_whole(
    store: Store, address: DatabaseAddress
) -> None:
    second = Store(address)
    for n in range(20):
        await add(store, f"{n}")
    claims = await asyncio.gather(
        *(
            bot.write(delivery_queue.claim, "api", owner, now=T0, lease=30)
            for bot, owner in [(store, "a"), (second, "b")] * 15
        )
    )
    second.close()
    numbers = sorted(claim.report.number for claim in claims if claim.report)
    assert numbers == list(range(1, 21))
    assert await store.read(lambda db: list(audit.faults(db))) == []


async def test_what_two_bots_store_at_once_is_one_chain_without_gaps(
    store: Store, address: DatabaseAddress
) -> None:
    async def add_several(name: str) -> None:
        for n in range(40):
            await add(store, f"{name} {n}")

    async def claim_several(bot: Store) -> None:
        for _ in range(40):
            await bot.write_urgent(delivery_queue.claim, "api", "b", now=T0, lease=30)

    await add_several("first")
    with closing(Store(address)) as second:
        await asyncio.gather(add_several("second"), claim_several(second))
    assert await store.read(lambda db: list(audit.faults(db))) == []
    assert len(keys(address)) == 80
