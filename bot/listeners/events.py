"""Events of Slack: each is stored before Slack is answered, and worked on behind the answer."""

import logging
import re

from slack_bolt.async_app import AsyncApp

from bot.home.openings import Openings
from bot.services import Services
from bot.slack import events as incoming
from bot.slack.payloads import Body
from storage import events
from storage.events import Event

log = logging.getLogger(__name__)

ANY = re.compile("")
"""Every type of event. Slack sends those again that no listener takes."""


def register(app: AsyncApp, services: Services) -> None:
    openings = Openings(services)

    async def happened(body: Body) -> None:
        """Bolt acknowledges when this returns. If nothing was stored it answers 500, and Slack
        sends the event again.
        """
        event = incoming.read(body, services.users.workspace)
        if event is None:
            return
        if event.type in incoming.TOKEN_ENDED:
            _check_token(services, event)
            return
        if event.type == incoming.HOME_OPENED:
            is_new = await openings.opened(event)
        else:
            is_new = await _stored(services, event)
        if not is_new:
            log.info("an event came again", extra={"event": event.id})

    app.event(ANY)(happened)


def _check_token(services: Services, event: Event) -> None:
    """Have Slack asked whether the bot's own token still works: an event may be about another one.
    It is not stored, because a second check does no harm.
    """
    log.warning(
        "the app was uninstalled, or a token of it was revoked; Slack is asked about the bot's",
        extra={"event": event.type},
    )
    services.token_alarm.set()


async def _stored(services: Services, event: Event) -> bool:
    """Store an event for the event worker.

    :returns: False when it came before
    """
    now = services.clock.time()
    is_new = await services.store.write_urgent(events.add, event, now=now)
    if is_new:
        services.event_alarm.set()
    return is_new
