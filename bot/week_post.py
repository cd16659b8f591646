"""Posts the week that is over to a channel: once, on a day and at a time that the operator sets."""

import logging
from collections.abc import Coroutine, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from bot.background import Alarm, repeat
from bot.commands.times import DAYS, Span, week_of
from bot.config import WeekPosting
from bot.services import Services
from bot.slack import messages, web_api
from bot.week_message import first_day, message
from storage import posted_weeks

log = logging.getLogger(__name__)

DAY = 86_400.0
LATEST = 3 * DAY
"""Seconds after its time at which a week that the bot could not post is given up."""
LONGEST_WAIT = DAY / 24
"""Seconds. The clock of the machine may be set meanwhile."""


def loops(services: Services, language: str) -> Mapping[str, Coroutine[Any, Any, None]]:
    """The loop that posts, by its name. None if no channel is set.

    :param language: of the channel
    """
    if not services.config.week.channel:
        return {}
    return {"the week": WeekPost(services, language).run()}


class WeekPost:
    def __init__(self, services: Services, language: str) -> None:
        self._client, self._store, self._clock = services.client, services.store, services.clock
        self._settings, self._language = services.config.week, language
        self._named = ""
        """The week that the log named because Slack never confirmed its message."""

    async def run(self) -> None:
        await repeat("the week", self.step, Alarm(self._clock), log)

    async def step(self) -> float:
        """Post the week that is over, if it is time and it was not posted.

        :returns: seconds until the next step
        """
        now = self._clock.time()
        due = last_due(now, self._settings)
        wait = min(_next(due) - now, LONGEST_WAIT)
        if now > due.timestamp() + LATEST:
            return wait
        span = week_of(due.date() - timedelta(days=7))
        week = first_day(span).isoformat()
        posted = await self._store.read(posted_weeks.find, self._settings.channel, week)
        if posted is None:
            return await self._post(span, week) or wait
        if posted.ts is None and self._named != week:
            self._named = week
            log.error(
                UNCONFIRMED,
                extra={"week": week, "channel": self._settings.channel, "why": "an earlier try"},
            )
        return wait

    async def _post(self, span: Span, week: str) -> float:
        """:returns: seconds until another try; 0 if there is nothing more to do"""
        channel = self._settings.channel
        drawn = await self._store.read(message, span, self._language)
        at = self._clock.time()
        # Reserved before the call: a bot that is killed in the middle posts nothing twice.
        if not await self._store.write(posted_weeks.claim, channel, week, now=at):
            return 0.0
        try:
            posted = await messages.post(self._client, channel, drawn)
        except web_api.SlackNoAnswerError as error:
            self._named = week
            log.error(UNCONFIRMED, extra={"week": week, "channel": channel, "why": error})  # noqa: TRY400 - no traceback
            return 0.0
        except web_api.SlackBusyError as error:
            await self._store.write(posted_weeks.release, channel, week, at=at)
            log.warning("the week is not posted yet", extra={"week": week, "why": error})
            return error.seconds
        except web_api.SlackRefusedError as error:
            await self._store.write(posted_weeks.release, channel, week, at=at)
            facts = {"week": week, "channel": channel, "why": error}
            log.error("Slack refuses the week", extra=facts)  # noqa: TRY400 - no traceback
            return LONGEST_WAIT
        await self._store.write(posted_weeks.confirm, channel, week, posted.ts, at=at)
        log.info("the week is posted", extra={"week": week, "channel": channel})
        return 0.0


UNCONFIRMED = (
    "Slack has not confirmed the week: look into the channel, and use constat week --post --again"
    " if it is missing"
)


def last_due(now: float, settings: WeekPosting) -> datetime:
    """The last time at which a week had to be posted, in the time zone of the machine.

    :param now: UNIX seconds
    """
    weekday, hour, minute = settings.parts
    today = datetime.fromtimestamp(now).astimezone().date()
    day = today - timedelta(days=(today.weekday() - DAYS.index(weekday)) % 7)
    due = datetime.combine(day, time(hour, minute)).astimezone()
    if due.timestamp() > now:
        due = datetime.combine(day - timedelta(days=7), time(hour, minute)).astimezone()
    return due


def _next(due: datetime) -> float:
    """A week later, at the same time of the day. UNIX seconds."""
    later = due.date() + timedelta(days=7)
    return datetime.combine(later, due.timetz().replace(tzinfo=None)).astimezone().timestamp()
