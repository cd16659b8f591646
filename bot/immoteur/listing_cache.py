"""Listings as Immoteur knows them: asked once for all who want one, and kept.

What was found counts for a day, a final refusal for minutes, both over a restart; a missing answer
for seconds. Where Immoteur asks for patience nobody asks it anything until then.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from blocks.issue import links
from blocks.issue.listing import Listing
from bot.background import Tasks
from bot.clock import Clock
from bot.immoteur.lookup_api import Listings, LookupFailure
from storage import cache
from storage.api_calls import Call
from storage.database import StorageError
from storage.delivery_queue import log_calls
from storage.store import Store

log = logging.getLogger(__name__)

FOUND_FOR, NOT_FOUND_FOR, LATE_FOR = 86_400.0, 300.0, 20.0
"""Seconds for which a finding, a final refusal, and a missing answer count."""
AT_ONCE = 6
"""Requests at once."""
REMEMBERED = 5000
"""Findings in memory; the file has the rest."""

Found = Listing | tuple[Listing, ...] | LookupFailure
Ask = Callable[[list[Call], Callable[[float], None]], Listings]
"""Makes look-ups whose calls are added to a list, and that say for how many seconds Immoteur wants
not to be asked."""


@dataclass(frozen=True)
class Lookup:
    """One look-up. Two links of one listing are the same."""

    kind: Literal["link", "classified", "home"]
    """`home` is a property, of which the classifieds are wanted."""
    name: str
    typed: str = field(compare=False)
    """As the person named it."""

    @classmethod
    def link(cls, typed: str) -> "Lookup":
        return cls("link", links.same(typed), typed)

    @classmethod
    def classified(cls, classified_id: str) -> "Lookup":
        return cls("classified", classified_id, classified_id)

    @classmethod
    def home(cls, property_id: str) -> "Lookup":
        return cls("home", property_id, property_id)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class _Known:
    found: Found
    until: float
    """UNIX seconds."""


class ListingCache:
    def __init__(self, ask: Ask, store: Store, clock: Clock) -> None:
        self._ask, self._store, self._clock = ask, store, clock
        self._known: OrderedDict[Lookup, _Known] = OrderedDict()
        self._asked: dict[Lookup, asyncio.Task[Found]] = {}
        self._asking = Tasks()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._paused_until = 0.0

    def get_cached(self, wanted: Lookup) -> Found | None:
        """What memory knows."""
        known = self._known.get(wanted)
        return known.found if known and known.until > self._clock.time() else None

    def is_pending(self, wanted: Lookup) -> bool:
        """Whether it is being looked up right now, and nobody has given up waiting."""
        return wanted in self._asked and self.get_cached(wanted) is None

    def begin(self, wanted: Lookup) -> None:
        """Look it up unless it is known; nobody waits."""
        if self.get_cached(wanted) is None:
            self._begin(wanted, again=False)

    async def get(self, wanted: Lookup, *, again: bool = False) -> Found:
        """From memory, the file, or Immoteur; one question for all who ask at once.

        :param again: do not take an earlier failure for an answer
        """
        known = self.get_cached(wanted)
        if known is not None and not (again and isinstance(known, LookupFailure)):
            return known
        # Who stops waiting does not stop the others.
        return await asyncio.shield(self._begin(wanted, again=again))

    async def wait_for(self, several: Iterable[Lookup], *, ends: float) -> None:
        """Until all are at hand: what has not come by then counts as late for a while.

        :param ends: UNIX seconds
        """
        missing = [one for one in several if self.get_cached(one) is None]
        if not missing:
            return
        asked = {one: self._begin(one, again=False) for one in missing}
        left = self._clock.real(max(0.0, ends - self._clock.time()))
        await asyncio.wait(asked.values(), timeout=left)
        for one, task in asked.items():
            if not task.done():
                self._remember(one, LookupFailure("late"), self._clock.time() + LATE_FOR)

    async def close(self) -> None:
        """Stop asking."""
        await self._asking.drain(0)

    def _begin(self, wanted: Lookup, *, again: bool) -> asyncio.Task[Found]:
        if wanted not in self._asked:
            task = self._asking.start(self._find(wanted, again=again))
            self._asked[wanted] = task
            task.add_done_callback(lambda _: self._answered(wanted, task))
        return self._asked[wanted]

    def _answered(self, wanted: Lookup, task: asyncio.Task[Found] | None) -> None:
        if self._asked.get(wanted) is task:
            del self._asked[wanted]

    async def _find(self, wanted: Lookup, *, again: bool) -> Found:
        kept = await self._from_file(wanted)
        if kept is not None and not (again and isinstance(kept.found, LookupFailure)):
            self._remember(wanted, kept.found, kept.until)
            return kept.found
        calls: list[Call] = []
        async with self._slots:
            wait = self._paused_until - self._clock.time()
            found = LookupFailure("busy", wait) if wait > 0 else await self._answer(wanted, calls)
        until = self._clock.time() + _lasts(found)
        self._remember(wanted, found, until)
        # Who asks from now on asks anew, however long the file takes for this answer.
        self._answered(wanted, asyncio.current_task())
        await self._keep(wanted, found, until, calls)
        return found

    def _answer(self, wanted: Lookup, calls: list[Call]) -> Awaitable[Found]:
        listings = self._ask(calls, self._pause)
        match wanted.kind:
            case "link":
                return listings.by_link(wanted.typed)
            case "classified":
                return listings.by_id(wanted.name)
            case "home":
                return _as_tuple(listings.of_property(wanted.name))

    def _pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._clock.time() + seconds)

    async def _from_file(self, wanted: Lookup) -> _Known | None:
        now = self._clock.time()
        try:
            kept = await self._store.read(cache.get, wanted.key, now=now)
        except StorageError:
            log.exception("look-ups are asked anew")
            return None
        return _Known(_loaded(kept[0]), kept[1]) if kept else None

    async def _keep(self, wanted: Lookup, found: Found, until: float, calls: list[Call]) -> None:
        now = self._clock.time()
        try:
            await self._store.write(log_calls, calls)
            if not isinstance(found, LookupFailure) or found.final:
                await self._store.write(
                    cache.keep, wanted.key, _dumped(found), until=until, now=now
                )
        except StorageError:
            log.exception("a look-up is not kept")

    def _remember(self, wanted: Lookup, found: Found, until: float) -> None:
        self._known[wanted] = _Known(found, until)
        if isinstance(found, Listing):
            self._known[Lookup.classified(found.classified_id)] = self._known[wanted]
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _lasts(found: Found) -> float:
    if not isinstance(found, LookupFailure):
        return FOUND_FOR
    return NOT_FOUND_FOR if found.final else max(LATE_FOR, found.wait or 0.0)


async def _as_tuple(asked: Awaitable[Sequence[Listing] | LookupFailure]) -> Found:
    found = await asked
    return found if isinstance(found, LookupFailure) else tuple(found)


def _dumped(found: Found) -> Any:
    if isinstance(found, LookupFailure):
        return {"why": found.why}
    if isinstance(found, tuple):
        return [asdict(one) for one in found]
    return asdict(found)


def _loaded(kept: Any) -> Found:
    if isinstance(kept, list):
        return tuple(Listing(**one) for one in kept)
    return LookupFailure(kept["why"]) if "why" in kept else Listing(**kept)
