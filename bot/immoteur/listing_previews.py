"""Looks up the listings of links that were only posted.

Nothing of such a look-up is stored: neither the link, nor the result, nor the call. The look-ups
have a pace of their own, so that a flood of links leaves Immoteur free for forms and reports.
"""

import asyncio
from collections import OrderedDict

from blocks.issue import links
from blocks.issue.listing import Listing
from bot.clock import Clock
from bot.immoteur.listing_cache import Ask, ListingCache, lifetime
from bot.immoteur.lookup import Lookup, Result
from bot.kind_parts import Preview
from bot.rate_limit import TokenBucket

AT_ONCE = 2
"""Requests at the same time, beside those of forms."""
PER_SECOND, BURST = 2.0, 10.0
"""Requests that are made for posted links."""
REMEMBERED = 500
"""Results in memory."""


class ListingPreviews:
    def __init__(self, cache: ListingCache, ask: Ask, clock: Clock) -> None:
        """:param cache: of the forms, whose results are used and not changed"""
        self._cache, self._ask, self._clock = cache, ask, clock
        self._results: OrderedDict[Lookup, tuple[Result, float]] = OrderedDict()
        """Each result, and until when it counts, by the monotonic clock."""
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._bucket = TokenBucket(PER_SECOND, BURST)

    async def look_up(self, link: str) -> Preview | None:
        """As `bot.kind_parts.Previews`. A link that cannot be of a listing is not asked about."""
        if not links.may_be_listing(link):
            return None
        result = await self._result(Lookup.link(link))
        if not isinstance(result, Listing):
            return None
        targets = (result.property_id, result.classified_id, links.same(link))
        return Preview(result.classified_id, targets, result.card)

    async def _result(self, lookup: Lookup) -> Result | None:
        """The result from memory, from the file, or from Immoteur; None while it wants a pause."""
        if (remembered := self._remembered(lookup)) is not None:
            return remembered
        await self._cache.load([lookup])
        async with self._slots:
            if (remembered := self._remembered(lookup)) is not None:
                return remembered
            await self._clock.sleep(self._bucket.reserve(self._clock.monotonic()))
            if self._cache.paused_for() > 0:
                return None
            # The calls are not stored: each is a sign that somebody posted a link.
            result = await self._ask([], self._cache.pause).by_link(lookup.typed)
        self._results[lookup] = (result, self._clock.monotonic() + lifetime(result))
        while len(self._results) > REMEMBERED:
            self._results.popitem(last=False)
        return result

    def _remembered(self, lookup: Lookup) -> Result | None:
        if (cached := self._cache.get_cached(lookup)) is not None:
            return cached
        result, until = self._results.get(lookup, (None, 0.0))
        return result if until > self._clock.monotonic() else None
