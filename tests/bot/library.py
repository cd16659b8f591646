"""An API of the tests: its reports are books, and it can be searched."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.config import DeliveryLimits
from bot.delivery.api import Found
from bot.delivery.http_client import Answer, Cut, Outcome
from bot.delivery.scope import DeliveryScope
from bot.delivery.worker import DeliveryWorker
from sandbox.patience import PATIENCE
from storage import reports
from storage.api_calls import Call
from storage.reports import NewReport, Report
from storage.store import Store
from tests.fast_clock import T0, FastClock


class Library:
    """An API like no other: its reports are books, and it can be searched."""

    name = "library"
    setting = "LIBRARY_TOKEN"

    def __init__(self, shelf: Mapping[str, str], *, logs: bool, raises: bool = False) -> None:
        """:param logs: whether its searches are requests"""
        self.shelf, self._logs, self._raises = shelf, logs, raises
        self.searches = 0

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:  # noqa: ARG002
        return Cut("ReadTimeout")

    async def check(self, calls: list[Call]) -> Answer:  # noqa: ARG002
        return Answer(200)

    async def find(
        self,
        payload: Mapping[str, Any],
        since: float,  # noqa: ARG002
        calls: list[Call],
    ) -> Found | None:
        self.searches += 1
        if self._logs:
            calls.append(Call(T0, self.name, "GET", "/books", 200, 1.0))
        if self._raises and self.searches == 1:
            raise KeyError("unexpected")
        number = self.shelf.get(payload["book"])
        return Found(number, {"shelf": number}) if number else None

    def same_things(self, payload: Mapping[str, Any]) -> frozenset[Hashable]:
        return frozenset([payload["book"]])


def book(title: str, key: str) -> NewReport:
    return NewReport(key, "book", "library", "U0", {}, {"book": title}, thread_channel="C0")


def scope_of(library: Library, store: Store, clock: Clock) -> DeliveryScope:
    """What delivers to the library."""
    return DeliveryScope(
        api=library,
        store=store,
        clock=clock,
        limits=DeliveryLimits(),
        owner="us",
        is_dead=lambda _: False,
        wake_receipts=lambda _: None,
    )


@asynccontextmanager
async def lending(folder: Path, library: Library, *new: NewReport) -> AsyncIterator[Store]:
    """A worker that delivers these to the library."""
    clock = FastClock(200)
    store = Store(folder / "constat.db")
    for report in new:
        await store.write(reports.add, report, now=clock.time())
    worker = DeliveryWorker(scope_of(library, store, clock))
    loop = asyncio.create_task(worker.run())
    try:
        yield store
    finally:
        loop.cancel()
        await worker.drain(1)
        store.close()


async def report(store: Store, number: int) -> Report:
    stored = await store.read(reports.get, number)
    assert stored is not None
    return stored


async def becomes(store: Store, number: int, state: str) -> Report:
    async with asyncio.timeout(PATIENCE):
        while (stored := await report(store, number)).state != state:
            await asyncio.sleep(0.01)
    return stored
