"""The listings that Immoteur returned, kept in memory and in the file.

All forms and reports with the same listing share one request. A listing counts for a day and a
final refusal for minutes, both beyond a restart; a missing answer counts for seconds. After a
Retry-After nobody asks Immoteur anything until it is over.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from blocks.issue.listing import Listing
from bot.background import Tasks
from bot.clock import Clock
from bot.immoteur.listing_file import ListingFile
from bot.immoteur.lookup import Lookup, Result
from bot.immoteur.lookup_api import Listings, LookupFailure
from storage.api_calls import Call
from storage.store import Store

FOUND_FOR, NOT_FOUND_FOR, LATE_FOR = 86_400.0, 300.0, 20.0
"""Seconds for which a listing, a final refusal, and a missing answer count."""
AT_ONCE = 6
"""Requests at the same time."""
REMEMBERED = 5000
"""Results in memory. The file has the others."""

Ask = Callable[[list[Call], Callable[[float], None]], Listings]
"""Makes the client of the look-ups. Its calls are added to the list; it calls the function with the
seconds for which Immoteur wants no request.
"""


class ListingCache:
    def __init__(self, ask: Ask, store: Store, clock: Clock) -> None:
        self._ask, self._file, self._clock = ask, ListingFile(store), clock
        self._cached: OrderedDict[Lookup, tuple[Result, float]] = OrderedDict()
        """Each result, and until when it counts, by the monotonic clock."""
        self._pending: dict[Lookup, asyncio.Task[Result]] = {}
        self._tasks = Tasks()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._paused_until = -math.inf

    def get_cached(self, lookup: Lookup) -> Result | None:
        """The result in memory; None when there is none that still counts."""
        result, until = self._cached.get(lookup, (None, -math.inf))
        return result if until > self._clock.monotonic() else None

    def is_pending(self, lookup: Lookup) -> bool:
        """Whether it is being looked up right now, and no form has given up waiting for it."""
        return lookup in self._pending and self.get_cached(lookup) is None

    def begin(self, lookup: Lookup) -> None:
        """Look it up in the background, unless its result is in memory."""
        if self.get_cached(lookup) is None:
            self._begin(lookup, again=False)

    async def load(self, lookups: Iterable[Lookup]) -> None:
        """Load the results that memory has not, and the file has. No request is made."""
        for lookup in lookups:
            if self.get_cached(lookup) is None:
                now = self._clock.time()
                if stored := await self._file.get(lookup, now=now):
                    self._remember(lookup, stored[0], min(stored[1] - now, FOUND_FOR))

    async def get(self, lookup: Lookup, *, again: bool = False) -> Result:
        """The result from memory, from the file, or from Immoteur. Callers share one request.

        :param again: ask Immoteur although an earlier failure is cached
        """
        result = self.get_cached(lookup)
        if result is not None and not (again and isinstance(result, LookupFailure)):
            return result
        # A caller that is cancelled must not cancel the others' request.
        return await asyncio.shield(self._begin(lookup, again=again))

    async def resolve(
        self, listing_links: Sequence[str], classified_ids: Sequence[str]
    ) -> Mapping[str, Listing | LookupFailure]:
        """Look up each link and classified for the worker, for as long as it takes. An earlier
        failure is not taken for an answer.

        :returns: by the link as typed, or the id
        """
        lookups = [
            *(Lookup.link(link) for link in listing_links),
            *(Lookup.classified(classified_id) for classified_id in classified_ids),
        ]
        results = await asyncio.gather(*(self.get(lookup, again=True) for lookup in lookups))
        return {
            lookup.typed: result
            if isinstance(result, (Listing, LookupFailure))
            else LookupFailure("broken")
            for lookup, result in zip(lookups, results, strict=True)
        }

    def deadline(self, seconds: float) -> float:
        """The end of some seconds from now, for `wait_for`."""
        return self._clock.monotonic() + seconds

    async def wait_for(self, lookups: Iterable[Lookup], *, ends: float) -> None:
        """Wait until memory holds all results. A result that comes later counts as late for
        `LATE_FOR` seconds.

        :param ends: by the monotonic clock
        """
        missing = [lookup for lookup in lookups if self.get_cached(lookup) is None]
        if not missing:
            return
        tasks = {lookup: self._begin(lookup, again=False) for lookup in missing}
        timeout = self._clock.real(max(0.0, ends - self._clock.monotonic()))
        await asyncio.wait(tasks.values(), timeout=timeout)
        for lookup, task in tasks.items():
            if not task.done():
                self._remember(lookup, LookupFailure("late"), LATE_FOR)

    async def close(self) -> None:
        """Cancel all requests."""
        await self._tasks.drain(0)

    def _begin(self, lookup: Lookup, *, again: bool) -> asyncio.Task[Result]:
        if lookup not in self._pending:
            task = self._tasks.start(self._find(lookup, again=again))
            self._pending[lookup] = task
            task.add_done_callback(lambda _: self._not_pending(lookup, task))
        return self._pending[lookup]

    def _not_pending(self, lookup: Lookup, task: asyncio.Task[Result] | None) -> None:
        if self._pending.get(lookup) is task:
            del self._pending[lookup]

    async def _find(self, lookup: Lookup, *, again: bool) -> Result:
        now = self._clock.time()
        stored = await self._file.get(lookup, now=now)
        if stored is not None and not (again and isinstance(stored[0], LookupFailure)):
            result, until = stored
            self._remember(lookup, result, min(until - now, FOUND_FOR))
            return result
        calls: list[Call] = []
        async with self._slots:
            wait = self.paused_for()
            result = LookupFailure("busy", wait) if wait > 0 else await self._request(lookup, calls)
        counts_for = lifetime(result)
        self._remember(lookup, result, counts_for)
        # A later caller makes a new request, and does not wait until this result is in the file.
        self._not_pending(lookup, asyncio.current_task())
        now = self._clock.time()
        await self._file.keep(lookup, result, now + counts_for, calls, now=now)
        return result

    def _request(self, lookup: Lookup, calls: list[Call]) -> Awaitable[Result]:
        listings = self._ask(calls, self.pause)
        match lookup.kind:
            case "link":
                return listings.by_link(lookup.typed)
            case "classified":
                return listings.by_id(lookup.name)
            case "siblings":
                return _as_tuple(listings.of_property(lookup.name))

    def paused_for(self) -> float:
        """Seconds for which Immoteur wants no request; 0 if requests may be made."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    def pause(self, seconds: float) -> None:
        """Ask Immoteur nothing for so many seconds."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    def _remember(self, lookup: Lookup, result: Result, lifetime: float) -> None:
        """:param lifetime: seconds for which the result counts"""
        self._cached[lookup] = (result, self._clock.monotonic() + lifetime)
        if isinstance(result, Listing):
            self._cached[Lookup.classified(result.classified_id)] = self._cached[lookup]
        while len(self._cached) > REMEMBERED:
            self._cached.popitem(last=False)


def lifetime(result: Result) -> float:
    """Seconds for which a result counts."""
    if not isinstance(result, LookupFailure):
        return FOUND_FOR
    return NOT_FOUND_FOR if result.final else max(LATE_FOR, result.wait or 0.0)


async def _as_tuple(request: Awaitable[Sequence[Listing] | LookupFailure]) -> Result:
    result = await request
    return result if isinstance(result, LookupFailure) else tuple(result)
