"""The copy of KARE's lists: searched in memory, kept in the file, refreshed in the background.

Nobody waits for KARE: a form and a search are answered from what is here now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.background import Alarm, FaultLog, repeat
from bot.clock import Clock
from bot.kare import lists
from bot.kare.paging import Asks, ListUnavailableError
from bot.kare.search_index import CatalogueIndex
from storage import catalogue, delivery_queue
from storage.api_calls import Call
from storage.catalogue import Name, Stored
from storage.database import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

REFRESH_EVERY = 4 * 3600.0
"""Seconds after which a list is fetched again."""
RETRY_AFTER = 60.0
"""Seconds after which one that could not be had is asked for again; twice as many each time."""
PATIENCE = 30.0
"""Seconds between two tries at least, however often a form asks for one."""
POLL_EVERY = 5.0
"""Seconds between two looks for what another process stored, such as a loaded CSV."""
EMPTY = Stored({}, {}, {}, {})

Fetch = Callable[[Asks, list[Call]], Awaitable[list[Any]]]
LISTS: Mapping[Name, tuple[Fetch, Callable[..., None]]] = {
    "sites": (lists.sites, catalogue.replace_sites),
    "installations": (lists.installations, catalogue.replace_installations),
    "visits": (lists.visits, catalogue.replace_visits),
}


@dataclass
class _List:
    """How one list stands with KARE."""

    wake: Alarm
    tried: float = float("-inf")
    """By the monotonic clock."""
    failures: int = 0
    asked: bool = False
    """Whether somebody would use it now."""
    why_not: str | None = None
    """Why the last try failed."""


class Catalogue:
    def __init__(self, kare: Asks, store: Store, clock: Clock) -> None:
        self._kare, self._store, self._clock = kare, store, clock
        self._lists = {name: _List(Alarm(clock)) for name in LISTS}
        self._versions: catalogue.Versions = {}
        self._loading = asyncio.Lock()
        self.index = CatalogueIndex(EMPTY)

    def why_not(self, name: Name) -> str | None:
        """Why a list cannot be searched, as a key of the words' `catalogue.why`; None if it can."""
        indexes = {
            "sites": self.index.sites,
            "installations": self.index.installations,
            "visits": self.index.visits,
        }
        if indexes[name]:
            return None
        fetched = ("kare", name) in self._versions
        return self._lists[name].why_not or ("empty" if fetched else "loading")

    def want(self, *, old_too: bool = False) -> None:
        """Somebody would use what is missing, or what a search did not find: ask for it soon."""
        now = self._clock.monotonic()
        for name, one in self._lists.items():
            if (old_too or self.why_not(name)) and now - one.tried >= PATIENCE:
                one.asked = True
                one.wake.set()

    async def load(self) -> None:
        """Take over what the file holds, if it is newer than what is here."""
        async with self._loading:
            versions = await self._store.read(catalogue.versions)
            if versions == self._versions:
                return
            stored = await self._store.read(catalogue.load)
            self.index = await asyncio.to_thread(CatalogueIndex, stored)
            self._versions = stored.versions

    async def run(self) -> None:
        """Keep the copy fresh until cancelled. A list that hangs delays no other."""
        faults = FaultLog(log)
        watch = repeat("the stored catalogue", self._watch, Alarm(self._clock), faults)
        await asyncio.gather(watch, *(self._keep(name, faults) for name in LISTS))

    async def _watch(self) -> float:
        await self.load()
        return POLL_EVERY

    async def _keep(self, name: Name, faults: FaultLog) -> None:
        async def step() -> float:
            if (wait := self._wait(name)) <= 0:
                await self._refresh(name)
                wait = self._wait(name)
            return wait

        await repeat(f"KARE's list of {name}", step, self._lists[name].wake, faults)

    def _wait(self, name: Name) -> float:
        """Seconds until a list is fetched again."""
        one = self._lists[name]
        if one.asked:
            return 0.0
        since_tried = self._clock.monotonic() - one.tried
        if one.failures:
            pause: float = RETRY_AFTER * 2 ** min(one.failures - 1, 10)
            return min(REFRESH_EVERY, pause) - since_tried
        # A date in the future was stored before the date was set back.
        age = max(0.0, self._clock.time() - self._versions.get(("kare", name), 0.0))
        return REFRESH_EVERY - min(since_tried, age)

    async def _refresh(self, name: Name) -> None:
        fetch, replace = LISTS[name]
        one = self._lists[name]
        one.asked, one.tried = False, self._clock.monotonic()
        calls: list[Call] = []
        try:
            try:
                rows = await fetch(self._kare, calls)
            finally:
                one.tried = self._clock.monotonic()
                await self._store.write(delivery_queue.log_calls, calls)
            await self._store.write(replace, "kare", rows, now=self._clock.time())
            await self.load()
        except ListUnavailableError as error:
            one.failures += 1
            one.why_not = _why(error.status)
            log.warning("KARE's list of %s: %s", name, error)
        except StorageError:
            one.failures += 1
            one.why_not = "unreachable"
            log.exception("KARE's list of %s could not be stored", name)
        else:
            one.failures, one.why_not = 0, None
            log.info("KARE's list of %s: %d", name, len(rows))


def _why(status: int | None) -> str:
    if status in {401, 403}:
        return "forbidden"
    return "unreachable" if status is None or status == 429 or status >= 500 else "unreadable"
