"""Sends one report, and stores the outcome."""

import logging
from dataclasses import replace
from functools import partial

from bot.delivery.decision import Decision, Doubt, Refuse, change, decide
from bot.delivery.scope import DeliveryScope
from bot.storing import until_stored
from storage import delivery_queue
from storage.api_calls import Call
from storage.reports import Change, Report
from storage.states import State

log = logging.getLogger(__name__)

READS = frozenset({"GET", "HEAD"})
"""Methods of requests that file nothing."""


class Sender:
    """Whatever happens in an exchange, there is a decision about the report, and it is stored."""

    def __init__(self, scope: DeliveryScope) -> None:
        self._api, self._store, self._clock = scope.api, scope.store, scope.clock
        self._owner = scope.owner

    async def send(self, report: Report) -> tuple[Decision, list[Call]]:
        """Send it once.

        :returns: the decision, and every request that was made
        """
        calls: list[Call] = []
        try:
            outcome = await self._api.file(report.payload, calls)
            return decide(outcome, attempts=report.attempts, now=self._clock.time()), calls
        except Exception:  # the report gets a decision, and those behind it go on
            log.exception(
                "a report could not be sent, because of an unexpected error",
                extra={"report": report.number},
            )
        if any(call.method not in READS for call in calls):
            return Doubt({"why": "cut"}), calls
        return Refuse({"why": "unsendable"}), calls

    async def store(self, report: Report, decision: Decision, calls: list[Call]) -> None:
        """Store the outcome, however long the file cannot be written."""
        outcome = change(decision, now=self._clock.time(), setting=self._api.setting)
        facts = {"report": report.number, "state": outcome.state.value, "api": report.api}
        facts |= {key: outcome.cause[key] for key in ("why", "status") if key in outcome.cause}
        log.info("report tried", extra=facts)
        if not await self._store_outcome(report, outcome, calls):
            log.warning(
                "a person decided about a report while it was sent",
                extra={"report": report.number},
            )

    async def put_back(self, report: Report) -> None:
        """Let a report wait again that was claimed and not sent."""
        now = self._clock.time()
        await self._finish(report, Change(State.WAITING, {"why": "released"}, next_try=now), [])

    async def _store_outcome(self, report: Report, outcome: Change, calls: list[Call]) -> bool:
        """:returns: False when somebody decided otherwise meanwhile"""
        finish = partial(self._finish, report, outcome, calls)
        try:
            return await until_stored(finish, self._clock, report=report.number)
        except Exception:  # the outcome itself must be stored, or the report is sent again
            log.exception(
                "the facts of a report cannot be stored",
                extra={"report": report.number},
            )
            return await self._finish(report, _without_facts(outcome), [])

    async def _finish(self, report: Report, outcome: Change, calls: list[Call]) -> bool:
        return await self._store.write(
            delivery_queue.finish,
            report.number,
            self._owner,
            report.attempts,
            outcome,
            calls,
            now=self._clock.time(),
        )


def _without_facts(outcome: Change) -> Change:
    """The outcome alone, when the API's words cannot be stored."""
    cause = {name: outcome.cause[name] for name in ("why", "status") if name in outcome.cause}
    return replace(outcome, cause=cause, answer=None, about=())
