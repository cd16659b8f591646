"""Events of Slack: each is stored before Slack is answered, and worked on behind the answer."""

import logging
import re
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.services import Services
from bot.slack import events as incoming
from bot.slack.payloads import Body
from storage import events

log = logging.getLogger(__name__)

ANY = re.compile("")
"""Every type of event. Slack sends those again that no listener takes."""


def register(app: AsyncApp, services: Services) -> None:
    async def happened(body: Body) -> None:
        """Bolt acknowledges when this returns. If nothing was stored it answers 500, and Slack
        sends the event again.
        """
        event = incoming.read(body)
        if event is None:
            return
        now = services.clock.time()
        if await services.store.write_urgent(events.add, event, now=now):
            services.event_alarm.set()
        else:
            log.info("event %s came again", event.id)

    app.use(_limited)
    app.event(ANY)(happened)


async def _limited(body: Body, next: Callable[[], Awaitable[None]]) -> BoltResponse | None:  # noqa: A002 - Bolt's name
    """Slack's notice that it drops events for a while is no event, and has no listener."""
    if body.get("type") != "app_rate_limited":
        await next()
        return None
    log.warning("Slack sends too many events, and drops some for a minute")
    return BoltResponse(status=200, body="")
