"""Links that somebody posted: the event that names them, and the button below them."""

import logging
from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.kind import AnyKind
from bot.listeners import link_button
from bot.log_limit import limit
from bot.services import Services
from bot.slack import posted_links
from bot.slack.payloads import Body
from bot.unfurls.unfurler import Unfurler
from storage import events

log = logging.getLogger(__name__)


def register_button(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    link_button.register(app, kinds, services)


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    if not services.unfurl_domains:
        return
    limit(Unfurler.__module__)  # a flood of links must not be a flood of log lines
    unfurler = Unfurler(services, kinds)

    @app.event(posted_links.LINK_SHARED)
    async def posted(body: Body) -> None:
        """Bolt acknowledges when this returns. Of the event only the id is stored. The links stay
        in memory until they are unfurled.
        """
        message = posted_links.read(body, services.unfurl_domains)
        if message is None:
            return
        now, event_id = services.clock.time(), message.event_id
        is_new = await services.store.write_urgent(
            events.remember, event_id, posted_links.LINK_SHARED, now=now
        )
        if not is_new:
            # Whoever stored it may have ended, or not have known in time that it was stored. The
            # claim of each link keeps it from being unfurled twice.
            log.info("an event came again", extra={"event": event_id})
        services.tasks.start(unfurler.unfurl(message))
