"""Events of Slack: each is stored before Slack is answered, and worked on behind the answer."""

import logging
import re

from slack_bolt.async_app import AsyncApp

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

    app.event(ANY)(happened)
