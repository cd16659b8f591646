"""Delivery: one API's reports are claimed, sent, and their outcome is written down."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.background import POLL_EVERY, Alarm, Claimed, FaultLog, Idle, Worker, repeat
from bot.clock import Clock, StepDetector
from bot.config import DeliveryLimits
from bot.delivery.api import Api, accepts
from bot.delivery.decision import Decision, Doubt, Hold, Wait, change
from bot.delivery.leases import Leases
from bot.delivery.outage import CAUSES, Admits, CircuitBreaker
from bot.delivery.reconcile import Reconciler
from bot.delivery.sender import Sender
from bot.rate_limit import TokenBucket
from storage import api_calls, delivery_queue, outages
from storage.api_calls import Call
from storage.delivery_queue import Claim
from storage.reports import Report
from storage.store import Store

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks whether an API that refused our token takes it again."""
SOONEST_LOOK = 1.0
"""Seconds between two looks, however often somebody asks for one."""
SHORTEST_IDLE = 0.05
"""Seconds. Two clocks may disagree for a moment on whether a report is due."""


class DeliveryWorker:
    """One API's deliveries. `wake` it when a report was stored."""

    def __init__(
        self,
        api: Api,
        store: Store,
        *,
        owner: str,
        is_dead: Callable[[str], bool],
        limits: DeliveryLimits,
        tell: Callable[[str | None], None],
        refused: Callable[[], None],
        clock: Clock,
    ) -> None:
        """:param is_dead: whether the process with that owner's name is known to have ended
        :param tell: called when a receipt has news, with its channel if it is only one
        :param refused: called when the API refuses our token
        """
        self._api, self._store, self._owner, self._limits = api, store, owner, limits
        self._tell, self._refused, self._clock = tell, refused, clock
        self._bucket = TokenBucket(limits.per_second, burst=max(1.0, limits.per_second))
        self._breaker = CircuitBreaker(clock)
        self._steps = StepDetector(clock)
        self._sender = Sender(api, store, owner=owner, clock=clock)
        self._reconciler = Reconciler(api, store, tell=tell, clock=clock)
        self._leases = Leases(
            api.name, store, owner=owner, is_dead=is_dead, lease=limits.lease, clock=clock
        )
        name = f"deliveries to {api.name}"
        self._worker: Worker[Report] = Worker(name, self, slots=limits.concurrency, clock=clock)
        self._sending: set[int] = set()
        self._began = False
        self._next_look = self._looked_at = float("-inf")

    def wake(self) -> None:
        """A report was stored, or a person decided about one."""
        self._next_look = min(self._next_look, self._looked_at + SOONEST_LOOK)
        self._worker.wake()

    async def run(self) -> None:
        """Deliver until cancelled."""
        await self._worker.run()

    async def drain(self, seconds: float) -> None:
        """Let what is being sent come back. What does not becomes unknown at the next start."""
        await self._reconciler.drain()
        await self._worker.drain(seconds)

    async def keep_alive(self) -> None:
        """Renew the leases of what is being sent, and end those of dead processes."""
        name = f"leases of {self._api.name}"
        await repeat(name, self._renew, Alarm(self._clock), FaultLog(log))

    async def claim(self) -> Claimed[Report] | Idle:
        """The oldest report that is due, if the API takes one now."""
        if (wait := self._bucket.wait(self._clock.monotonic())) > 0:
            return Idle(wait)
        await self._begin()
        if self._steps.step():
            await self._follow_the_date()
        await self._postpone(only_new=True)
        if self._breaker.admits() is Admits.NONE:
            return Idle(POLL_EVERY)
        claim = await self._take()
        if claim.held is not None:
            if (wait := await self._look(claim.held)) > 0:
                return Idle(wait)
            claim = await self._take(past_hold=True)
        if (report := claim.report) is None:
            return Idle(max(SHORTEST_IDLE, self._until_due(claim)))
        self._bucket.take(self._clock.monotonic())
        self._breaker.admitted(report.number)
        self._sending.add(report.number)
        return Claimed(report, another_in=self._until_due(claim))

    async def _take(self, *, past_hold: bool = False) -> Claim:
        return await self._store.write(
            delivery_queue.claim,
            self._api.name,
            self._owner,
            now=self._clock.time(),
            lease=self._limits.lease,
            asked_only=self._breaker.admits() is Admits.ONE_ASKED_FOR,
            past_hold=past_hold,
        )

    async def handle(self, report: Report) -> bool:
        """Send a report, write its outcome down, and draw the conclusions for the others."""
        calls: list[Call] = []
        began = self._clock.monotonic()
        try:
            decision = await self._sender.send(report, calls)
            well_again = self._breaker.record(report.number, decision)
            decision = self._in_turn(decision)
            outcome = change(decision, now=self._clock.time(), setting=self._api.setting)
            facts = {"report": report.number, "state": outcome.state.value, "api": self._api.name}
            facts |= {key: outcome.cause[key] for key in ("why", "status") if key in outcome.cause}
            log.info("report tried", extra=facts)
            if not await self._sender.write_down(report, outcome, calls):
                log.warning("report %d was decided otherwise while it was sent", report.number)
        finally:
            self._sending.discard(report.number)
            self._breaker.gave_up(report.number)
        await self._conclude(decision, well_again=well_again)
        self._tell(report.origin.get("channel"))
        if isinstance(decision, Doubt):
            self._reconciler.reconcile(report, age=self._clock.monotonic() - began)
        # A report that was filed changes nothing for the others, unless the API was not well.
        return well_again or self._breaker.cause is not None or isinstance(decision, Hold)

    async def _begin(self) -> None:
        """Once: go on where an earlier process ended.

        Whatever the API asked of that process, one report is tried, and the others wait for it.
        """
        if self._began:
            return
        now = self._clock.time()
        if found := await self._store.read(outages.current_outage, self._api.name, CAUSES, now=now):
            cause, _ = found
            self._breaker.half_open(cause)
            await self._store.write_in_pieces(outages.resume, self._api.name, now=now)
        await self._reconciler.reconcile_all()
        self._began = True

    async def _renew(self) -> float:
        await self._leases.renew(self._sending)
        if await self._leases.fail_stalled():
            await self._reconciler.reconcile_all()
            self._tell(None)
        return self._leases.every

    async def _follow_the_date(self) -> None:
        """The date was set: the times in the file, which are dates, are made right again."""
        now = self._clock.time()
        log.warning("the machine's date was set; reports to %s keep their turn", self._api.name)
        await self._store.write_in_pieces(outages.resume, self._api.name, now=now)
        await self._postpone(only_new=False)

    def _until_due(self, claim: Claim) -> float:
        """Seconds until another report may be claimed, unless a new one comes."""
        if self._breaker.cause is not None:
            return min(POLL_EVERY, self._breaker.left())
        if claim.next_try is None:
            return POLL_EVERY
        return min(POLL_EVERY, max(0.0, claim.next_try - self._clock.time()))

    def _in_turn(self, decision: Decision) -> Decision:
        """A report that was tried fewer times does not come back before the others."""
        if isinstance(decision, Wait):
            return replace(decision, seconds=max(decision.seconds, self._breaker.left()))
        return decision

    async def _conclude(self, decision: Decision, *, well_again: bool) -> None:
        """What one report's outcome says about the API, and so about the others."""
        name, now = self._api.name, self._clock.time()
        match decision:
            case Wait():
                await self._postpone(only_new=False)
            case Hold(cause):
                held = {**cause, "setting": self._api.setting}
                self._refused()
                await self._store.write_in_pieces(delivery_queue.hold, name, held, now=now)
            case _ if well_again:
                await self._store.write_in_pieces(outages.resume, name, now=now)
                await self._store.write_in_pieces(delivery_queue.release, name, now=now)

    async def _postpone(self, *, only_new: bool) -> None:
        """Reports say why they wait, and until when, while the API takes none.

        :param only_new: leave alone the reports that a person asked for
        """
        cause = self._breaker.cause
        if cause is None or cause["why"] not in CAUSES or self._breaker.left() == 0:
            return
        now = self._clock.time()
        await self._store.write_in_pieces(
            outages.postpone,
            self._api.name,
            cause,
            until=now + self._breaker.left(),
            now=now,
            only_new=only_new,
        )
        self._tell(None)

    async def _look(self, cause: Mapping[str, Any]) -> float:
        """Whether the API takes our token again. Then one report goes first, and the others follow
        if it was taken.

        :returns: 0 when a report may go, otherwise seconds until the next look
        """
        name, now = self._api.name, self._clock.time()
        await self._store.write_in_pieces(delivery_queue.hold, name, cause, now=now)
        self._tell(None)
        if self._breaker.is_probing():
            return POLL_EVERY
        if (left := self._next_look - self._clock.monotonic()) > 0:
            return left
        self._looked_at = self._clock.monotonic()
        self._next_look = self._looked_at + LOOK_EVERY
        calls: list[Call] = []
        works = accepts(await self._api.check(calls))
        await self._store.write(api_calls.add, calls)
        if not works:
            return LOOK_EVERY
        await self._store.write(delivery_queue.release, name, now=now, limit=1)
        self._breaker.half_open(cause)
        return 0.0
