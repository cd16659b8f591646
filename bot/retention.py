"""Erases old reports, calls and records of messages, at night and in small pieces."""

import logging
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.background import Alarm, repeat
from bot.clock import Clock
from bot.config import RetentionLimits
from storage import erasure
from storage.audit import AuditTrailError
from storage.erasure import Rule
from storage.store import Store

log = logging.getLogger(__name__)

NIGHT = range(2, 5)
"""The hours in which something is erased, in the time zone of the machine."""
PORTION = 20
"""Reports in one step. Each has a transaction of its own."""
ROWS = 500
"""Calls or messages in one step."""
PAUSE = 1.0
"""Seconds between two steps of one night."""
DAY = 86_400.0


def loops(
    limits: RetentionLimits, store: Store, clock: Clock
) -> Mapping[str, Coroutine[Any, Any, None]]:
    """The loop that erases, by its name. None if everything is kept for ever."""
    return {"retention": Retention(limits, store, clock).run()} if limits.is_set else {}


class Retention:
    def __init__(self, limits: RetentionLimits, store: Store, clock: Clock) -> None:
        self._limits, self._store, self._clock = limits, store, clock
        self._after = 0
        """The highest number that was looked at in this night."""

    async def run(self) -> None:
        await repeat("retention", self.step, Alarm(self._clock), log)

    async def step(self) -> float:
        """Erase one small piece, if it is night.

        :returns: seconds until the next step
        """
        now = datetime.fromtimestamp(self._clock.time()).astimezone()
        if now.hour not in NIGHT:
            self._after = 0
            return _seconds_until_night(now)
        more = [
            await self._erase_reports(),
            await self._delete_calls(),
            await self._delete_messages(),
        ]
        return PAUSE if any(more) else DAY / 24

    async def _erase_reports(self) -> bool:
        """:returns: whether there may be more"""
        days = self._limits.texts_days
        if not days:
            return False
        rule = Rule(f"kept for {days:g} days", before=self._clock.time() - days * DAY)
        for _ in range(PORTION):
            try:
                numbers = await self._store.write(
                    erasure.erase_reports,
                    rule,
                    now=self._clock.time(),
                    limit=1,
                    after=self._after,
                )
            except AuditTrailError as error:
                log.error("a report is not erased", extra={"report": error.number, "why": error})  # noqa: TRY400
                self._after = error.number
                continue
            if not numbers:
                return False
            self._after = numbers[-1]
        return True

    async def _delete_calls(self) -> bool:
        days = self._limits.calls_days
        return (
            bool(days)
            and await self._store.write(
                erasure.delete_calls, before=self._clock.time() - days * DAY, limit=ROWS
            )
            == ROWS
        )

    async def _delete_messages(self) -> bool:
        days = self._limits.messages_days
        return (
            bool(days)
            and await self._store.write(
                erasure.delete_messages, before=self._clock.time() - days * DAY, limit=ROWS
            )
            == ROWS
        )


def _seconds_until_night(now: datetime) -> float:
    """At most an hour, because the clock of the machine may be set meanwhile."""
    begin = now.replace(hour=NIGHT.start, minute=0, second=0, microsecond=0)
    if begin <= now:
        begin += timedelta(days=1)
    return min((begin - now).total_seconds(), DAY / 24)
