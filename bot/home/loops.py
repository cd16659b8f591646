"""The loops behind events and App Homes, put together."""

from collections.abc import Coroutine, Mapping
from typing import Any

from bot.claim_owner import Process
from bot.event_worker import EventWorker
from bot.home.direct_messages import DirectMessages
from bot.home.openings import Openings
from bot.home.reader import HomeReader
from bot.home.worker import HomeWorker
from bot.kind import AnyKind
from bot.services import Services

HOME_OPENED, DIRECT_MESSAGE = "app_home_opened", "message.im"
"""The types of stored events, as `bot.slack.events` names them."""


def loops(
    services: Services, kinds: Mapping[str, AnyKind], process: Process
) -> Mapping[str, Coroutine[Any, Any, None]]:
    """By name.

    :param kinds: by name
    :param process: owns the events that are claimed
    """
    handlers = {
        HOME_OPENED: Openings(services).work_on,
        DIRECT_MESSAGE: DirectMessages(services, kinds).answer,
    }
    reader = HomeReader(services, kinds)
    return {
        "events": EventWorker(services, handlers, process).run(),
        "App Homes": HomeWorker(services, reader).run(),
    }
