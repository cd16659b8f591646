"""The buttons of a receipt by which a person decides about photos."""

import logging
from collections.abc import Mapping
from functools import partial

from slack_bolt.async_app import AsyncApp

from blocks import receipt_photos
from bot.kind import AnyKind
from bot.listeners import photo_choice_submission
from bot.listeners.photo_choice_opening import open_choice
from bot.listeners.pressing import (
    PressRefusedError,
    on_press,
    on_press_later,
    report_of,
    store_decision,
)
from bot.services import Services
from bot.slack.payloads import Press
from storage import photo_choices

log = logging.getLogger(__name__)


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    photo_choice_submission.register(app, services)
    on_press_later(app, receipt_photos.CHOOSE, services, partial(open_choice, kinds))
    on_press(app, receipt_photos.THERE, services, partial(_settle, again=False))
    on_press(app, receipt_photos.AGAIN, services, partial(_settle, again=True))


async def _settle(services: Services, press: Press, *, again: bool) -> None:
    """Store a person's decision about photos in doubt. A press that is sent twice counts once."""
    report = await report_of(services, press)
    settle = partial(
        photo_choices.settle_unclear,
        number=report.number,
        again=again,
        who=press.user,
        press=press.at,
        now=services.clock.time(),
    )
    if not await store_decision(services, press, settle):
        raise PressRefusedError("command.photos_too_late", number=report.number)
    facts = {"report": report.number, "action": press.action_id, "user": press.user}
    log.info("unclear photos were decided about", extra=facts)
    services.news_of(report.api, None)
