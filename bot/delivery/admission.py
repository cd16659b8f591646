"""Decides which report of an API is sent next, and when: pace, outages and refused tokens."""

from bot.background import POLL_EVERY, Claimed, Idle
from bot.delivery.backlog import Backlog
from bot.delivery.outage import Admits
from bot.delivery.scope import DeliveryScope
from bot.delivery.token_check import TokenCheck
from bot.rate_limit import TokenBucket
from storage import delivery_queue
from storage.delivery_queue import Claim
from storage.reports import Report

SHORTEST_IDLE = 0.05
"""Seconds. Two clocks may disagree for a moment on whether a report is due."""


class Admission:
    def __init__(self, scope: DeliveryScope, backlog: Backlog) -> None:
        self._scope, self._store, self._clock = scope, scope.store, scope.clock
        self._backlog, self._breaker = backlog, backlog.breaker
        per_second = scope.limits.per_second
        self._bucket = TokenBucket(per_second, burst=max(1.0, per_second))
        self._token_check = TokenCheck(scope)

    def wake(self) -> None:
        """A report was stored, or a person decided about one."""
        self._token_check.bring_forward()

    def pause(self) -> float:
        """Seconds until the API's pace allows another report."""
        return self._bucket.wait(self._clock.monotonic())

    async def claim(self) -> Claimed[Report] | Idle:
        """Claim the oldest report that is due, if the API takes one now."""
        await self._backlog.adapt_to_date()
        await self._backlog.postpone(only_new=True)
        if self._breaker.admits() is Admits.NONE:
            return Idle(POLL_EVERY)
        claim = await self._take(past_hold=self._backlog.is_releasing)
        if claim.held is not None and self._backlog.is_releasing:
            claim = await self._take(past_hold=True)
        elif claim.held is not None:
            await self._backlog.hold(claim.held)
            if (wait := await self._until_token_is_taken()) > 0:
                return Idle(wait)
            await self._backlog.release_one(claim.held)
            claim = await self._take(past_hold=True)
        if (report := claim.report) is None:
            return Idle(max(SHORTEST_IDLE, self._until_due(claim)))
        self._bucket.take(self._clock.monotonic())
        self._breaker.admitted(report.number)
        return Claimed(report, another_in=self._until_due(claim))

    async def _take(self, *, past_hold: bool = False) -> Claim:
        return await self._store.write(
            delivery_queue.claim,
            self._scope.api.name,
            self._scope.owner,
            now=self._clock.time(),
            lease=self._scope.limits.lease,
            asked_only=self._breaker.admits() is Admits.ONE_ASKED_FOR,
            past_hold=past_hold,
        )

    def _until_due(self, claim: Claim) -> float:
        """Seconds until another report may be claimed, unless a new one is stored."""
        if self._breaker.cause is not None:
            return min(POLL_EVERY, self._breaker.left())
        if claim.next_try is None:
            return POLL_EVERY
        return min(POLL_EVERY, max(0.0, claim.next_try - self._clock.time()))

    async def _until_token_is_taken(self) -> float:
        """:returns: 0 when a report may go, otherwise seconds until the next check"""
        return POLL_EVERY if self._breaker.is_probing() else await self._token_check.wait()
