"""The effect of one report's outcome on the other reports of the same API."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec

from bot.clock import StepDetector
from bot.delivery.decision import Cause, Decision, Doubt, Hold, Wait
from bot.delivery.outage import CAUSES, CircuitBreaker
from bot.delivery.scope import DeliveryScope
from storage import delivery_queue, outages
from storage.engine import Database
from storage.reports import Report

P = ParamSpec("P")
log = logging.getLogger(__name__)


class Backlog:
    """The reports of one API that are not filed yet, and the circuit breaker in front of them."""

    def __init__(self, scope: DeliveryScope) -> None:
        self._store, self._clock = scope.store, scope.clock
        self._api, self._setting = scope.api.name, scope.api.setting
        self._refused = scope.refused
        self._wake_receipts = scope.wake_receipts
        self._may_work = scope.may_claim
        self._steps = StepDetector(scope.clock)
        self.is_releasing = False
        """Whether the API takes our token again, and the held reports are released piece by piece.
        Those that are still held say nothing about the token then."""
        self.breaker = CircuitBreaker(scope.clock)

    async def resume(self) -> None:
        """Continue after a start, also if the date was set back before it. In an outage one report
        is tried first, however long the API asked the earlier process to wait.
        """
        now = self._clock.time()
        await self._in_pieces(outages.keep_wait, now=now)
        if outage := await self._store.read(outages.current_outage, self._api, CAUSES, now=now):
            cause, _ = outage
            self.breaker.half_open(cause)
            await self._in_pieces(outages.resume, now=now)

    async def adapt_to_date(self) -> None:
        """Correct the stored times, which are dates, if the machine's date was set."""
        if not self._steps.step():
            return
        log.warning("the machine's date was set; reports keep their turn", extra={"api": self._api})
        now = self._clock.time()
        await self._in_pieces(outages.resume, now=now)
        await self.postpone()

    async def postpone(self, *, only_new: bool = False, asked_since: float = 0.0) -> None:
        """Store why the reports wait, and until when, while the API takes none.

        :param only_new: leave alone the reports that were tried, or that a person asked for
        :param asked_since: leave alone those that a person asked for since then, UNIX seconds
        """
        cause = self.breaker.cause
        if cause is None or cause["why"] not in CAUSES or self.breaker.left() == 0:
            return
        now = self._clock.time()
        await self._in_pieces(
            outages.postpone,
            cause,
            until=now + self.breaker.left(),
            now=now,
            only_new=only_new,
            asked_since=asked_since,
        )
        self._wake_receipts(None)

    async def hold(self, cause: Cause) -> None:
        """Hold every report until the API takes our token again, or they are released."""
        self.is_releasing = False
        await self._in_pieces(self._hold_piece, cause, now=self._clock.time())
        self._wake_receipts(None)

    def _hold_piece(self, db: Database, api: str, cause: Cause, *, now: float) -> bool:
        return not self.is_releasing and delivery_queue.hold(db, api, cause, now=now)

    async def release_one(self, cause: Cause) -> None:
        """Release the oldest held report. The others follow if the API takes that one.

        :param cause: why they are held
        """
        now = self._clock.time()
        await self._store.write(delivery_queue.release, self._api, now=now, limit=1)
        self.breaker.half_open(cause)

    async def _release_all(self) -> None:
        """Release the held reports, until they are released or held again."""
        self.is_releasing = True
        try:
            await self._in_pieces(self._release_piece, now=self._clock.time())
        finally:
            self.is_releasing = False

    def _release_piece(self, db: Database, api: str, *, now: float) -> bool:
        return self.is_releasing and delivery_queue.release(db, api, now=now)

    async def _in_pieces(
        self, work: Callable[Concatenate[Database, str, P], bool], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Change many reports of the API, piece by piece. It ends when another process is the back
        office, and when a newer outcome means something else for all reports: two might undo each
        other's pieces without end.
        """
        changes = self.breaker.changes

        def piece(db: Database) -> bool:
            is_meant = self.breaker.changes == changes and self._may_work()
            return is_meant and work(db, self._api, *args, **kwargs)

        await self._store.write_in_pieces(piece)

    def record(self, report: Report, decision: Decision) -> "Recorded":
        """Pass one report's outcome to the circuit breaker."""
        ended_outage = self.breaker.record(report.number, decision)
        if isinstance(decision, Wait):
            # A report that was tried fewer times does not come back before the others.
            decision = replace(decision, seconds=max(decision.seconds, self.breaker.left()))
        return Recorded(decision, ended_outage, self._clock.time(), self.breaker.changes)

    async def conclude(self, recorded: "Recorded") -> bool:
        """Store the consequences of one report's outcome for the API, unless a newer outcome has
        others.

        :returns: whether other reports may be due now. A report that was filed changes nothing
            for the others, except in or after an outage.
        """
        decision, is_newest = recorded.decision, recorded.changes == self.breaker.changes
        match decision:
            case Wait():
                # What a person asked for after this answer is tried, although others wait.
                await self.postpone(asked_since=recorded.at)
            case Hold(cause):
                self._refused()
                if is_newest:
                    await self.hold({**cause, "setting": self._setting})
            case _ if recorded.ended_outage and is_newest:
                await self._in_pieces(outages.resume, now=self._clock.time())
                if recorded.changes == self.breaker.changes:
                    await self._release_all()
        is_held = isinstance(decision, Hold)
        return recorded.ended_outage or self.breaker.cause is not None or is_held


@dataclass(frozen=True)
class Recorded:
    """One report's outcome."""

    decision: Decision
    """A wait is at least as long as that of the API's other reports."""
    ended_outage: bool
    at: float
    """UNIX seconds."""
    changes: int
    """The `changes` of the circuit breaker with it."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether the API may have the report although no answer says so."""
        return isinstance(self.decision, Doubt)
