"""The copy of KARE's lists: whatever happens to one refresh, the next one comes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.delivery.http_client import Answer
from bot.kare.catalogue import Catalogue
from sandbox.patience import PATIENCE
from storage.api_calls import Call
from storage.store import Store
from tests.fast_clock import FastClock

SITES = {"data": [{"name": "Lycée", "sites": [{"id": 31, "name": "Annexe"}]}], "totalCount": 1}
EMPTY: dict[str, object] = {"data": []}


class UnreliableKare:
    """KARE behind a client with a fault of its own: the first requests raise an odd exception."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    async def ask(
        self,
        method: str,
        path: str,
        calls: list[Call],
        *,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        del method, calls, query
        self.failures -= 1
        if self.failures >= 0:
            raise RuntimeError("a fault of ours")
        return Answer(200, {}, SITES if "establishments" in path else EMPTY)


@asynccontextmanager
async def refreshing(folder: Path, kare: UnreliableKare) -> AsyncIterator[tuple[Catalogue, Store]]:
    store = Store(folder / "constat.db")
    catalogue = Catalogue(kare, store, FastClock(2000.0))
    task = asyncio.create_task(catalogue.run())
    try:
        yield catalogue, store
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        store.close()


async def until_searchable(catalogue: Catalogue) -> None:
    async with asyncio.timeout(PATIENCE):
        while catalogue.why_not("sites"):
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("failures", [1, 3, 7])
async def test_a_list_is_asked_for_again_after_a_fault_that_nobody_foresaw(
    tmp_path: Path, failures: int
) -> None:
    async with refreshing(tmp_path, UnreliableKare(failures)) as (catalogue, _):
        await until_searchable(catalogue)
        assert [choice.number for choice in catalogue.index.sites.search("annexe")] == [31]


async def test_a_list_is_asked_for_again_after_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    async with refreshing(tmp_path, UnreliableKare(0)) as (catalogue, store):
        await until_searchable(catalogue)
        row = "insert into visits values ('csv', 1, 'a', '', 'no JSON')"
        version = "insert into catalogue values ('csv', 'visits', 1.0)"
        await store.write(Database.execute, row)
        await store.write(Database.execute, version)
        await asyncio.sleep(0.05)
        await store.write(Database.execute, "delete from visits")
        await store.write(Database.execute, "update sites set name = 'Gymnase'")
        await store.write(Database.execute, "update catalogue set refreshed_at = 2.0")
        async with asyncio.timeout(PATIENCE):
            while not catalogue.index.sites.search("gymnase"):
                await asyncio.sleep(0.005)
        assert [choice.number for choice in catalogue.index.sites.search("gymnase")] == [31]
