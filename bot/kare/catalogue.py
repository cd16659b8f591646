"""A copy of KARE's lists: searched in memory, kept in the database, refreshed in the background.

Forms and searches are answered from the copy and never wait for KARE.
"""

import asyncio
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.background import Alarm, repeat
from bot.clock import Clock
from bot.kare.list_refresh import LISTS, refresh
from bot.kare.paging import Asks, ListUnavailableError
from bot.kare.search_index import CatalogueIndex
from storage import catalogue
from storage.catalogue import Name, Stored
from storage.engine import StorageError
from storage.store import Store

__all__ = ["Asks", "Catalogue"]

log = logging.getLogger(__name__)

REFRESH_EVERY = 4 * 3600.0
"""Seconds after which a list is fetched again."""
RETRY_AFTER = 60.0
"""Seconds from a failed try to the next. They double with each failure, up to REFRESH_EVERY."""
MIN_PAUSE = 30.0
"""Seconds between two tries at least, however often a form asks for a list."""
POLL_EVERY = 5.0
"""Seconds between two looks for lists that another process stored, such as a loaded CSV."""
LIST_OF_FIELD: Mapping[str, Name] = {
    "siteId": "sites",
    "technicalInstallationId": "installations",
    "reportId": "visits",
}
WANTED = "lists wanted"
"""The topic of the message that a form misses a list."""
EMPTY = Stored({}, {}, {}, {})


@dataclass
class _Refresh:
    """How the refreshing of one list stands."""

    alarm: Alarm
    tried: float = -math.inf
    """When the last try began or ended. Seconds of the monotonic clock."""
    failures: int = 0
    """In a row."""
    wanted: bool = False
    """Whether somebody would use the list now."""
    why_not: str | None = None
    """Why the last try failed."""


class Catalogue:
    def __init__(self, kare: Asks, store: Store, clock: Clock) -> None:
        self._kare, self._store, self._clock = kare, store, clock
        self._refreshes = {name: _Refresh(Alarm(clock)) for name in LISTS}
        self._versions: catalogue.Versions = {}
        self._loading = asyncio.Lock()
        self._fetches = False
        """Whether this process is the back office."""
        store.news.listen(WANTED, self._wanted)
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
        return self._refreshes[name].why_not or ("empty" if fetched else "loading")

    def want(self, *, old_too: bool = False) -> None:
        """Fetch the missing lists soon, or have the back office fetch them.

        :param old_too: fetch the other lists too, because a search found nothing in them
        """
        if not self._fetches:
            self._store.news.notify(WANTED, old_too=old_too)
            return
        for name, state in self._refreshes.items():
            pause = self._clock.monotonic() - state.tried
            if (old_too or self.why_not(name)) and pause >= MIN_PAUSE:
                state.wanted = True
                state.alarm.set()

    def _wanted(self, *, old_too: bool) -> None:
        """A form of another process misses a list."""
        if self._fetches:
            self.want(old_too=old_too)

    async def load(self) -> None:
        """Load the lists from the database if they changed since the last time."""
        async with self._loading:
            versions = await self._store.read(catalogue.versions)
            if versions == self._versions:
                return
            stored = await self._store.read(catalogue.load)
            self.index = await asyncio.to_thread(CatalogueIndex, stored)
            self._versions = stored.versions

    async def follow(self) -> None:
        """Load what any process stores, until cancelled."""
        await repeat("KARE's lists", self._poll, Alarm(self._clock), log)

    async def keep_fresh(self) -> None:
        """Fetch the lists again and again until cancelled. Each list has a loop of its own: one
        that hangs delays no other. Call it in the process that is the back office.
        """
        self._fetches = True
        try:
            await asyncio.gather(
                *(
                    repeat(f"KARE's list of {name}", partial(self._step, name), state.alarm, log)
                    for name, state in self._refreshes.items()
                )
            )
        finally:
            self._fetches = False

    async def _poll(self) -> float:
        await self.load()
        return POLL_EVERY

    async def _step(self, name: Name) -> float:
        if self._wait(name) <= 0:
            await self._refresh(name)
        return self._wait(name)

    def _wait(self, name: Name) -> float:
        """Seconds until a list is to be fetched."""
        state = self._refreshes[name]
        if state.wanted:
            return 0.0
        since_tried = self._clock.monotonic() - state.tried
        if state.failures:
            pause: float = RETRY_AFTER * 2 ** min(state.failures - 1, 10)
            return min(REFRESH_EVERY, pause) - since_tried
        age = self._clock.time() - self._versions.get(("kare", name), 0.0)
        return REFRESH_EVERY - min(since_tried, max(age, 0.0))

    async def _refresh(self, name: Name) -> None:
        state = self._refreshes[name]
        state.wanted, state.failures = False, state.failures + 1
        state.tried = self._clock.monotonic()
        try:
            count = await refresh(name, self._kare, self._store, self._clock)
            await self.load()
        except ListUnavailableError as error:
            state.why_not = _why(error.status)
            log.warning("KARE's list could not be read", extra={"list": name, "why": error})
        except StorageError:
            state.why_not = "unreachable"
            log.exception("KARE's list could not be stored", extra={"list": name})
        else:
            state.failures, state.why_not = 0, None
            log.info("KARE's list was read", extra={"list": name, "rows": count})
        finally:
            if state.failures and state.why_not is None:
                state.why_not = "unreadable"  # an error of ours, which `repeat` logs
            state.tried = self._clock.monotonic()


def _why(status: int | None) -> str:
    if status in {401, 403}:
        return "forbidden"
    return "unreachable" if status is None or status == 429 or status >= 500 else "unreadable"
