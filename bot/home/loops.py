"""The loops behind events and App Homes, put together."""

from collections.abc import Coroutine, Mapping
from typing import Any

from bot.event_worker import EventWorker
from bot.home.direct_messages import DirectMessages
from bot.home.openings import Openings
from bot.home.reader import HomeReader
from bot.home.worker import HomeWorker
from bot.kind import AnyKind
from bot.services import Services
from bot.setup import Setup

HOME_OPENED, DIRECT_MESSAGE = "app_home_opened", "message.im"
"""The types of stored events, as `bot.slack.events` names them."""


def loops(
    services: Services, kinds: Mapping[str, AnyKind], setup: Setup
) -> Mapping[str, Coroutine[Any, Any, None]]:
    """By name.

    :param kinds: by name
    """
    process, may_claim = setup.process, setup.tenure.holds
    handlers = {
        HOME_OPENED: Openings(services).work_on,
        DIRECT_MESSAGE: DirectMessages(services, kinds).answer,
    }
    reader = HomeReader(services, kinds)
    return {
        "events": EventWorker(services, handlers, process, may_claim).run(),
        "App Homes": HomeWorker(services, reader, may_claim).run(),
    }
