"""Unfurls the links of a message to the listings behind them.

Everything is in memory: a link that was posted before the bot ended, or while it did not run, is
not unfurled. Of a link that was unfurled the file holds a hash.
"""

import asyncio
import logging
from collections.abc import Mapping

from bot.kind import AnyKind
from bot.kind_parts import Preview
from bot.services import Services
from bot.slack.posted_links import PostedLink, PostedLinks
from bot.unfurls.calls import TRIES, UnfurlCalls, Unfurls
from bot.unfurls.drawing import Drawing
from storage import unfurls
from storage.engine import StorageError

log = logging.getLogger(__name__)

MOST = 5
"""Links of one message that are unfurled."""
AT_ONCE = 4
"""Messages that are worked on at the same time."""
WAITING = 200
"""Messages that may wait. Further ones are left out, so that a flood takes no memory."""
ACKNOWLEDGED_IN = 0.2
"""Seconds. Slack refuses `chat.unfurl` until it has the answer to the event."""
KEPT_FOR = 30 * 86_400.0
"""Seconds for which a link of a message is recognized if Slack names it again after an edit."""
PRUNE_EVERY = 3600.0
Found = Mapping[PostedLink, tuple[AnyKind, Preview]]


class Unfurler:
    def __init__(self, services: Services, kinds: Mapping[str, AnyKind]) -> None:
        """:param kinds: by name"""
        self._services, self._kinds = services, kinds
        self._calls, self._drawing = UnfurlCalls(services), Drawing(services)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._prune_at = 0.0

    async def unfurl(self, posted: PostedLinks) -> None:
        """Unfurl those links of a message that lead to something that can be reported."""
        if self._waiting >= WAITING:
            log.warning("too many links are posted: those of a message are not unfurled")
            return
        self._waiting += 1
        try:
            await self._services.clock.sleep(ACKNOWLEDGED_IN)
            async with self._slots:
                drawn = await self._claimed_and_drawn(posted)
                if drawn:
                    await self._calls.unfurl(posted, drawn)
                    await self._prune(self._services.clock.time())
        finally:
            self._waiting -= 1

    async def _claimed_and_drawn(self, posted: PostedLinks) -> Unfurls:
        """The previews of those links that nobody has unfurled. While the database fails, nothing
        is claimed, and this begins again after a pause.
        """
        for tries in range(1, TRIES + 1):
            try:
                return await self._claim(posted)
            except StorageError as error:
                log.warning(
                    "links are unfurled when the database works again", extra={"why": error}
                )
            if tries < TRIES:
                await self._services.clock.sleep(2.0**tries)
        return {}

    async def _claim(self, posted: PostedLinks) -> Unfurls:
        previews = await self._look_up(posted.links[:MOST])
        if not previews:
            return {}
        # After the claim nothing but Slack may fail: nobody else unfurls the links then.
        drawn = {
            link.url: await self._drawing.draw(posted, link, *found)
            for link, found in previews.items()
        }
        store, now = self._services.store, self._services.clock.time()
        urls = list(drawn)
        claimed = await store.write(unfurls.claim, posted.channel, posted.ts, urls, now=now)
        return {url: drawn[url] for url in claimed}

    async def _look_up(self, links: tuple[PostedLink, ...]) -> Found:
        """The listings behind the links. Of two links to one listing, the first counts."""
        results = await asyncio.gather(*(self._preview(link) for link in links))
        previews: dict[PostedLink, tuple[AnyKind, Preview]] = {}
        names: set[str] = set()
        for link, result in zip(links, results, strict=True):
            if result is not None and result[1].name not in names:
                previews[link] = result
                names.add(result[1].name)
        return previews

    async def _preview(self, link: PostedLink) -> tuple[AnyKind, Preview] | None:
        for kind in self._kinds.values():
            if kind.previews and (preview := await kind.previews.look_up(link.address)):
                return kind, preview
        return None

    async def _prune(self, now: float) -> None:
        if self._services.clock.monotonic() >= self._prune_at:
            self._prune_at = self._services.clock.monotonic() + PRUNE_EVERY
            await self._services.store.write(unfurls.prune, before=now - KEPT_FOR)
