"""Sends one report, and writes down what became of it."""

import logging
from dataclasses import replace

from bot.clock import Clock
from bot.delivery.api import Api
from bot.delivery.decision import Decision, Doubt, Refuse, decide
from storage import delivery_queue
from storage.api_calls import Call
from storage.reports import Change, Report
from storage.store import StorageError, Store

log = logging.getLogger(__name__)

RETRY_STORING = 1.0
"""Seconds between two tries to write down an outcome."""
READS = frozenset({"GET", "HEAD"})
"""Methods of requests that file nothing."""


class Sender:
    """Whatever happens in an exchange, there is a decision about the report, and it is stored."""

    def __init__(self, api: Api, store: Store, *, owner: str, clock: Clock) -> None:
        self._api, self._store, self._owner, self._clock = api, store, owner, clock

    async def send(self, report: Report, calls: list[Call]) -> Decision:
        """Send it once. Every request that was made is added to `calls`."""
        try:
            outcome = await self._api.file(report.payload, calls)
            return decide(outcome, attempts=report.attempts, now=self._clock.time())
        except Exception:  # the report gets a decision, and those behind it go on
            log.exception("report %d could not be sent as it should", report.number)
        if any(call.method not in READS for call in calls):
            return Doubt({"why": "cut"})
        return Refuse({"why": "unsendable"})

    async def write_down(self, report: Report, change: Change, calls: list[Call]) -> bool:
        """Store the outcome, however long the file cannot be written.

        :returns: False when somebody decided otherwise meanwhile
        """
        said = False
        while True:
            try:
                return await self._finish(report, change, calls)
            except StorageError:
                if not said:
                    log.exception("the outcome of report %d is not stored yet", report.number)
                said = True
                await self._clock.sleep(RETRY_STORING)
            except Exception:
                log.exception("the facts of report %d cannot be stored", report.number)
                return await self._finish(report, _without_facts(change), [])

    async def _finish(self, report: Report, change: Change, calls: list[Call]) -> bool:
        return await self._store.write(
            delivery_queue.finish,
            report.number,
            self._owner,
            report.attempts,
            change,
            calls,
            now=self._clock.time(),
        )


def _without_facts(change: Change) -> Change:
    """The outcome alone, when the API's words cannot be stored."""
    cause = {name: change.cause[name] for name in ("why", "status") if name in change.cause}
    return replace(change, cause=cause, answer=None, about=())
