"""The workers and loops of the back office. They run in one process at a time."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from bot.access import Access
from bot.delivery.workers import delivery_workers
from bot.kind import AnyKind
from bot.photos.workers import photo_worker
from bot.posters import Posters
from bot.running_loops import Loops
from bot.services import Services
from bot.setup import Setup


class Workers:
    """One for receipts, and one for the deliveries of each API that is set up."""

    def __init__(
        self, setup: Setup, services: Services, kinds: Mapping[str, AnyKind], access: Access
    ) -> None:
        """:param kinds: by name"""

        def may_post() -> bool:
            """While Slack refuses the token, messages wait, and none of them is given up."""
            return setup.tenure.holds() and not access.slack_refuses

        self._posters = Posters.of(
            setup, services, kinds, may_post=may_post, token_refused=access.refused_by_slack
        )
        self.receipts = self._posters.receipts
        self._access = access
        self.deliveries = delivery_workers(
            setup,
            access.apis,
            setup.process.owner(),
            wake_receipts=self._reported,
            refused=self._access.refused,
        )
        self.photos = photo_worker(setup, services, kinds, self._posters.wake)
        self._kinds, self._loops = kinds, Loops()

    def start(self, others: Mapping[str, Coroutine[Any, Any, None]]) -> None:
        """:param others: further loops that run until the end, by name"""
        loops = self._loops
        for name, other in others.items():
            loops.start(name, other)
        loops.start("receipts", self.receipts.run())
        loops.start("notices", self._posters.notices.run())
        if self.photos is not None:
            loops.start("photos", self.photos.run())
        for name, worker in self.deliveries.items():
            loops.start(f"deliveries to {name}", worker.run())
            loops.start(f"leases of {name}", worker.keep_alive())
            loops.start(f"the check of {name}", self._access.watch_api(name))
        for kind in self._kinds.values():
            for number, loop in enumerate(kind.back_office_loops, 1):
                loops.start(f"back-office loop {number} of {kind.name}", loop())

    async def stop(self, seconds: float) -> None:
        """Start nothing more, and let work in flight come back for so many seconds."""
        await self.stop_loops()
        await self.drain(seconds)

    async def stop_loops(self) -> None:
        """Claim nothing more. What was claimed goes on."""
        await self._loops.stop()

    async def drain(self, seconds: float) -> None:
        """Let work in flight come back for so many seconds."""
        ends = [worker.drain(seconds) for worker in self.deliveries.values()]
        ends += [self._posters.drain(seconds)]
        ends += [self.photos.drain(seconds)] if self.photos else []
        await asyncio.gather(*ends)

    def loops(self) -> dict[str, bool]:
        """Whether each background loop runs, by name."""
        return self._loops.alive()

    def missing(self) -> list[str]:
        """What is not ready: a sentence for each thing, for the operator."""
        missing = [f"the loop {name!r} ended: restart constat" for name in self._loops.ended]
        if code := self.receipts.refused:
            missing.append(f"Slack refuses SLACK_BOT_TOKEN: {code}")
        return missing

    def news_of(self, api: str, channel: str | None, *, notices: bool = True) -> None:
        """A report was stored or changed.

        :param channel, notices: as of `NewsOf`
        """
        if api in self.deliveries:
            self.deliveries[api].wake()
        self._reported(channel, notices=notices)

    def _reported(self, channel: str | None, *, notices: bool = True) -> None:
        """Wake the workers for a report with news: its receipt shows them, and its photos follow
        once it is filed.
        """
        self._posters.wake(channel, notices=notices)
        if self.photos is not None:
            self.photos.wake()
