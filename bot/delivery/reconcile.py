"""Reconciler: whether a report whose answer never came is there, asked of the API itself."""

import asyncio
from collections.abc import Callable

from bot.background import Tasks
from bot.clock import Clock
from bot.delivery.api import Api
from storage import delivery_queue, reports
from storage.api_calls import Call
from storage.reports import Change, Report
from storage.states import State
from storage.store import Store

FIND_AFTER = (1.0, 30.0, 300.0)
"""Seconds to wait before each look: an API may still be writing down what was cut."""
AT_ONCE = 2
"""Reports looked into at once: after a bad hour they may be many."""
RECENT = 3600.0
"""Seconds for which a doubt from before a start is looked into after it."""


class Reconciler:
    """One API's reports in doubt. Finding all of one settles it; nothing found settles nothing."""

    def __init__(self, api: Api, store: Store, *, tell: Callable[[], None], clock: Clock) -> None:
        self._api, self._store, self._tell, self._clock = api, store, tell, clock
        self._looks = Tasks()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._looking: set[int] = set()

    def reconcile(self, report: Report) -> None:
        if report.number not in self._looking:
            self._looking.add(report.number)
            self._looks.start(self._look(report))

    async def reconcile_all(self) -> None:
        """What is in doubt since before we started, or since another process died."""
        since = self._clock.time() - RECENT
        for report in await self._store.read(
            delivery_queue.unknown_since, self._api.name, since=since
        ):
            self.reconcile(report)

    async def drain(self) -> None:
        """Stop looking: the next start goes on."""
        await self._looks.drain(0)

    async def _look(self, report: Report) -> None:
        try:
            await self._look_again_and_again(report)
        finally:
            self._looking.discard(report.number)

    async def _look_again_and_again(self, report: Report) -> None:
        since = await self._store.read(delivery_queue.sent_at, report.number)
        for wait in FIND_AFTER:
            await self._clock.sleep(wait)
            calls: list[Call] = []
            async with self._turns:
                answer = await self._api.find(report.payload, since, calls)
            if not calls:
                return  # this API cannot be asked
            await self._store.write(delivery_queue.log_calls, calls, number=report.number)
            known = await self._store.read(reports.get, report.number)
            if known is None or known.state != State.UNKNOWN:
                return
            if answer is not None and not await self._has_other_candidates(report, since):
                remote_id = str(report.payload["reportId"])
                found = Change(State.FILED, {"why": "found"}, remote_id=remote_id, answer=answer)
                await self._settle(report, found)
                return
            if not known.cause.get("looked"):
                looked = {**known.cause, "looked": True}
                await self._settle(report, Change(State.UNKNOWN, looked))

    async def _has_other_candidates(self, report: Report, since: float) -> bool:
        """Whether what was found could as well be another report's of the same thing."""
        others = await self._store.read(
            delivery_queue.sent_since, self._api.name, since - RECENT, but=report.number
        )
        return any(_things(report) & _things(other) for other in others)

    async def _settle(self, report: Report, change: Change) -> None:
        """Unless somebody decided meanwhile."""
        now = self._clock.time()
        await self._store.write(reports.decide, report.number, [State.UNKNOWN], change, now=now)
        self._tell()


def _things(report: Report) -> set[tuple[str, int]]:
    """What a report of KARE's is found by: title and site."""
    return {(one["title"], one["siteId"]) for one in report.payload["anomalies"]}
