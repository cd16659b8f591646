"""The button *Choose the anomaly* of a receipt opens a form."""

import logging
from collections.abc import Mapping
from typing import Any

from blocks import photo_choice
from bot.kind import AnyKind
from bot.listeners.pressing import PressRefusedError, report_of
from bot.services import Services
from bot.slack import web_api
from bot.slack.payloads import Press
from bot.slack.view_calls import ViewCalls
from bot.undecided_photos import undecided

log = logging.getLogger(__name__)


async def open_choice(kinds: Mapping[str, AnyKind], services: Services, press: Press) -> None:
    """Show the findings whose photos wait, and the anomalies in the API that each may be. The form
    is opened at once, and drawn again when the person's language was not known.
    """
    report = await report_of(services, press)
    kind, users, user = kinds[report.kind], services.users, press.user
    findings = await undecided(services.store, kind, report)
    if not findings:
        raise PressRefusedError("command.photos_too_late", number=report.number)

    def draw() -> dict[str, Any]:
        return photo_choice.draw(users.words(user), report.number, kind.api_label, findings)

    calls = ViewCalls(services.client, services.clock)
    try:
        opened = await calls.open(press.trigger_id, draw())
    except web_api.SlackError as error:
        log.warning("the choice of an anomaly could not be opened", extra={"why": str(error)})
        raise PressRefusedError("command.could_not_open") from error
    if not users.knows(user) and await users.learn(user):
        # Choices that were made meanwhile stay: the blocks have the same ids.
        await calls.update(opened["id"], opened["hash"], draw)
