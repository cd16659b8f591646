"""Reconciler: asks an API whether it has a report whose answer never came."""

import asyncio
import logging
from collections.abc import Hashable

from bot.background import Tasks
from bot.delivery.api import Found
from bot.delivery.scope import DeliveryScope
from storage import api_calls, reports, unknown_reports
from storage.api_calls import Call
from storage.engine import StorageError
from storage.reports import Change, Report
from storage.states import State

log = logging.getLogger(__name__)

FIND_AFTER = (1.0, 30.0, 300.0)
"""Seconds to wait before each look: the API may still be storing a request that was cut."""
AT_ONCE = 2
"""Reports that are looked for at the same time: after a bad hour they may be many."""
RECENT = 3600.0
"""Seconds. An older doubt is not looked into after a start."""


class Reconciler:
    """One API's reports in doubt. A report is settled when all of it is found, and never when
    nothing is found.
    """

    def __init__(self, scope: DeliveryScope) -> None:
        self._api, self._store, self._clock = scope.api, scope.store, scope.clock
        self._wake_receipts = scope.wake_receipts
        self._looks = Tasks()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._looking: dict[int, int] = {}
        """The attempt whose arrival is looked for, by the number of the report."""

    def reconcile(self, report: Report, *, age: float) -> None:
        """Look for a report in the background. What was sent earlier of it is not looked for any
        more: the report may have been edited since.

        :param age: seconds since sending it began
        """
        if self._looking.get(report.number, 0) < report.attempts:
            self._looking[report.number] = report.attempts
            self._looks.start(self._look(report, self._clock.monotonic() - age))

    async def reconcile_all(self) -> None:
        """Look for the reports in doubt that an earlier run, or a dead process, has left."""
        now = self._clock.time()
        for report in await self._store.read(
            unknown_reports.unknown_since, self._api.name, since=now - RECENT
        ):
            sent_at = await self._store.read(unknown_reports.sent_at, report.number)
            self.reconcile(report, age=now - sent_at)

    async def drain(self) -> None:
        """Stop looking. The next start goes on."""
        await self._looks.drain(0)

    async def _look(self, report: Report, began: float) -> None:
        """:param began: when sending began, by the monotonic clock"""
        try:
            for wait in FIND_AFTER:
                await self._clock.sleep(wait)
                if not await self._look_once(report, began):
                    return
        finally:
            if self._looking.get(report.number) == report.attempts:
                del self._looking[report.number]

    async def _look_once(self, report: Report, began: float) -> bool:
        """:returns: whether another look makes sense"""
        try:
            async with self._turns:
                return await self._find(report, began)
        except StorageError as error:
            log.warning(
                "a report could not be looked for", extra={"report": report.number, "why": error}
            )
        except Exception:  # logged; the next look may find it, and the other reports go on
            log.exception("a report could not be looked for", extra={"report": report.number})
        return True

    async def _find(self, report: Report, began: float) -> bool:
        calls: list[Call] = []
        # The age is measured by a clock that cannot be set; the date may have been set since.
        since = self._clock.time() - (self._clock.monotonic() - began)
        entry = await self._api.find(report.payload, since, calls)
        if entry is None and not calls:
            return False  # this API cannot be searched
        await self._store.write(api_calls.add, calls, number=report.number)
        current = await self._store.read(reports.get, report.number)
        if current is None or current.attempts != report.attempts:
            return False  # a person had it sent again; another look is for that
        if current.state != State.UNKNOWN:
            return current.state == State.DISCARDED  # it may be restored until the next look
        if entry is not None and not await self._has_other_candidates(report, since):
            await self._settle(report, _filed(entry))
            return False
        if not current.cause.get("looked"):
            await self._settle(report, Change(State.UNKNOWN, {**current.cause, "looked": True}))
        return True

    async def _has_other_candidates(self, report: Report, since: float) -> bool:
        """Whether the entry that was found may be another of our own reports."""
        reports_of_api = await self._store.read(
            unknown_reports.sent_since, self._api.name, since - RECENT, but=report.number
        )
        keys = self._things(report)
        return any(keys & self._things(report_of_api) for report_of_api in reports_of_api)

    def _things(self, report: Report) -> frozenset[Hashable]:
        try:
            return self._api.same_things(report.payload)
        except Exception:  # an unreadable report must not keep the others in doubt
            log.exception("the payload of a report cannot be read", extra={"report": report.number})
            return frozenset()

    async def _settle(self, report: Report, change: Change) -> None:
        """Write it down, unless somebody decided meanwhile."""
        now, attempt = self._clock.time(), report.attempts
        await self._store.write(unknown_reports.settle, report.number, attempt, change, now=now)
        self._wake_receipts(report.origin.get("channel"))


def _filed(entry: Found) -> Change:
    cause = {"why": "found"}
    return Change(State.FILED, cause, remote_id=entry.remote_id, answer=entry.answer)
