"""The delivery worker: claims one API's reports, sends them, and stores their outcomes."""

import logging

from bot.background import Alarm, Claimed, Idle, Worker, repeat
from bot.delivery.admission import Admission
from bot.delivery.backlog import Backlog
from bot.delivery.leases import Leases
from bot.delivery.reconcile import Reconciler
from bot.delivery.scope import DeliveryScope
from bot.delivery.sender import Sender
from storage.reports import Report

log = logging.getLogger(__name__)


class DeliveryWorker:
    """One API's deliveries. `wake` it when a report was stored."""

    def __init__(self, scope: DeliveryScope) -> None:
        self._api, self._clock, self._wake_receipts = scope.api, scope.clock, scope.wake_receipts
        self._backlog = Backlog(scope)
        self._admission = Admission(scope, self._backlog)
        self._sender = Sender(scope)
        self._reconciler = Reconciler(scope)
        self._leases = Leases(scope)
        name = f"deliveries to {scope.api.name}"
        self._worker: Worker[Report] = Worker(
            name,
            self,
            slots=scope.limits.concurrency,
            clock=scope.clock,
            lease=scope.limits.lease,
            may_claim=scope.may_claim,
        )
        self._sending: set[int] = set()
        self._began = False

    def wake(self) -> None:
        """A report was stored, or a person decided about one."""
        self._admission.wake()
        self._worker.wake()

    async def run(self) -> None:
        """Deliver until cancelled."""
        await self._worker.run()

    async def drain(self, seconds: float) -> None:
        """Let the requests in flight be answered. Those that are not are unknown after the next
        start.
        """
        await self._reconciler.drain()
        await self._worker.drain(seconds)

    async def keep_alive(self) -> None:
        """Renew the leases of the reports in flight, and end those of dead processes."""
        name = f"leases of {self._api.name}"
        await repeat(name, self._renew, Alarm(self._clock), log)

    async def claim(self) -> Claimed[Report] | Idle:
        """The oldest report that is due, if the API takes one now."""
        if (wait := self._admission.pause()) > 0:
            return Idle(wait)
        if not self._began:
            await self._backlog.resume()
            await self._reconciler.reconcile_all()
            self._began = True
        claimed = await self._admission.claim()
        if isinstance(claimed, Claimed):
            self._sending.add(claimed.job.number)
        return claimed

    async def let_go(self, report: Report) -> None:
        """Put a report back that was not sent. This process stood still after its claim."""
        await self._sender.put_back(report)
        self._sending.discard(report.number)
        self._backlog.breaker.gave_up(report.number)
        self._worker.wake()

    async def handle(self, report: Report) -> bool:
        """Send a report, store its outcome, and store what that means for the others.

        :returns: whether other reports may be due now
        """
        began = self._clock.monotonic()
        try:
            decision, calls = await self._sender.send(report)
            recorded = self._backlog.record(report, decision)
            await self._sender.store(report, recorded.decision, calls)
        finally:
            self._sending.discard(report.number)
            self._backlog.breaker.gave_up(report.number)
        others_are_due = await self._backlog.conclude(recorded)
        self._wake_receipts(report.origin.get("channel"))
        if recorded.is_in_doubt:
            self._reconciler.reconcile(report, age=self._clock.monotonic() - began)
        return others_are_due

    async def _renew(self) -> float:
        await self._leases.renew(self._sending)
        if await self._leases.fail_stalled():
            await self._reconciler.reconcile_all()
            self._wake_receipts(None)
        return self._leases.every
