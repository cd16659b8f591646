"""The back office: the workers, in the one process that holds the lease.

Every process takes forms. Where several share a PostgreSQL database, one of them delivers, posts,
publishes and erases, so that the paces and outages in its memory are those of all. When it dies or
stops, another takes its place. On a file, the only process is the back office for ever.
"""

import logging
from collections.abc import Mapping

from bot.access import Access
from bot.background import Alarm, Tasks, repeat
from bot.kind import AnyKind
from bot.loops import loops
from bot.running_loops import Loops
from bot.services import Services
from bot.setup import Setup
from bot.workers import Workers

log = logging.getLogger(__name__)

LONGEST_WORK = 3600.0
"""Seconds for which a process that is not the back office any more finishes what it claimed."""
NEWS, LEFT = "report changed", "back office left"
"""Topics of messages between the processes."""


class BackOffice:
    def __init__(self, setup: Setup, services: Services, kinds: Mapping[str, AnyKind]) -> None:
        """:param kinds: by name"""
        self._setup, self._services, self._kinds = setup, services, kinds
        self._store, self._tenure = setup.store, setup.tenure
        apis = {kind.api: kind.client for kind in kinds.values() if kind.client is not None}
        self._access = Access(services.users, apis, setup.store, setup.clock, services.token_alarm)
        self._workers: Workers | None = None
        self._alarm = Alarm(self._tenure.clock)
        self._loops, self._earlier = Loops(), Tasks()

    async def start(self) -> None:
        """Begin what every process does, and the workers once this process has the lease."""
        if not self._access.apis:
            log.warning("no API is set up: nothing can be filed")
        self._loops.start("the check of Slack", self._access.watch_slack())
        for kind in self._kinds.values():
            for number, loop in enumerate(kind.loops, 1):
                self._loops.start(f"loop {number} of {kind.name}", loop())
        await self._step()
        if self._store.is_shared:
            self._store.news.listen(NEWS, self._heard)
            self._store.news.listen(LEFT, self._alarm.set)
            self._loops.start(
                "the back office", repeat("the back office", self._step, self._alarm, log)
            )

    async def stop(self, seconds: float) -> None:
        """Give the lease up at once, and let work in flight come back for so many seconds."""
        await self._loops.stop()
        workers, self._workers = self._workers, None
        if workers is not None:
            await workers.stop_loops()
        await self._tenure.leave()
        self._store.news.notify(LEFT)
        if workers is not None:
            await workers.drain(seconds)
        await self._earlier.drain(seconds)

    def news_of(self, api: str, channel: str | None, *, notices: bool = True) -> None:
        """A report was stored or changed: wake the workers, wherever they are.

        :param channel, notices: as of `NewsOf`
        """
        if self._workers is not None:
            self._workers.news_of(api, channel, notices=notices)
        else:
            # Processes of two releases understand this message, so it has no further field.
            self._store.news.notify(NEWS, api=api, channel=channel)

    def loops(self) -> dict[str, bool]:
        """Whether each background loop of this process runs, by name."""
        return self._loops.alive() | (self._workers.loops() if self._workers else {})

    def missing(self) -> list[str]:
        """What is not ready: a sentence for each thing, for the operator."""
        missing = self._access.missing()
        missing += [f"the loop {name!r} ended: restart constat" for name in self._loops.ended]
        return missing + (self._workers.missing() if self._workers else [])

    def refused_by_apis(self) -> list[str]:
        """As of `Access`."""
        return self._access.refused_by_apis()

    def is_held(self) -> bool:
        """Whether this process is the back office."""
        return self._workers is not None and self._tenure.holds()

    async def _step(self) -> float:
        wait = await self._tenure.take()
        if wait is None:
            # Nothing can be claimed either. If the lease passes, the workers claim nothing more.
            return self._tenure.every
        if wait > 0:
            self._close()
            return min(self._tenure.every, wait)
        self._open()
        return self._tenure.every

    def _open(self) -> None:
        if self._workers is not None:
            return
        if self._store.is_shared:
            log.info("this process is the back office now")
        self._access.check_apis()
        workers = Workers(self._setup, self._services, self._kinds, self._access)
        workers.start(loops(self._setup, self._services, self._kinds))
        self._workers = workers

    def _close(self) -> None:
        """Another process is the back office. What this one has claimed comes to its end."""
        workers, self._workers = self._workers, None
        if workers is not None:
            log.warning("another process is the back office now")
            self._access.forget_apis()
            self._earlier.start(workers.stop(LONGEST_WORK))

    def _heard(self, *, api: str, channel: str | None) -> None:
        """Another process has stored or changed a report."""
        if self._workers is not None:
            self._workers.news_of(api, channel)
