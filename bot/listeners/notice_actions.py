"""The button *Seen* of an alert, and the buttons of a receipt that have a limit or a file of their
own: *Undo* and *Restore*, and those about photos.
"""

import logging
from collections.abc import Mapping
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.kind import AnyKind
from bot.listeners import photo_actions
from bot.listeners.pressing import (
    PressRefusedError,
    button_of,
    on_press,
    report_of,
    store_decision,
    too_late,
)
from bot.services import Services
from bot.slack.payloads import Press
from storage import alerts, undo
from storage.states import Action, State

log = logging.getLogger(__name__)

SEEN = "seen"
"""The action_id of an alert's button."""


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    photo_actions.register(app, kinds, services)
    on_press(app, SEEN, services, _seen)
    on_press(app, Action.UNDO, services, _undo)
    on_press(app, Action.RESTORE, services, _restore)


async def _seen(services: Services, press: Press) -> None:
    """Everybody who can read the alert may press. Only the first press counts."""
    number = button_of(press).number
    seen = await services.store.write_urgent(
        alerts.mark_seen,
        number,
        press.user,
        press.at,
        channel=press.channel,
        ts=press.ts,
        now=services.clock.time(),
    )
    if seen is None:
        raise PressRefusedError("command.forbidden")
    if not seen.new:
        raise PressRefusedError("command.already_seen", number=number)
    log.info("alert seen", extra={"report": number, "user": press.user})
    services.news_of("", press.channel)


async def _undo(services: Services, press: Press) -> None:
    report = await report_of(services, press)
    now = services.clock.time()
    decide = partial(undo.undo, number=report.number, who=press.user, press=press.at, now=now)
    if not await store_decision(services, press, decide):
        raise await too_late(services, report.number, "command.undo_too_late")
    log.info("report undone", extra={"report": report.number, "user": press.user})
    services.news_of(report.api, None)


async def _restore(services: Services, press: Press) -> None:
    report = await report_of(services, press)
    now = services.clock.time()
    decide = partial(undo.restore, number=report.number, who=press.user, press=press.at, now=now)
    if not await store_decision(services, press, decide):
        refused = await too_late(services, report.number)
        if refused.state == State.DISCARDED:
            # Nothing changed in the report when its day was over, so its receipt has the button.
            await services.store.write(undo.outdate_receipt, report.number, now)
            services.news_of(report.api, None)
            raise PressRefusedError("command.restore_too_late", number=report.number)
        raise refused
    log.info("report restored", extra={"report": report.number, "user": press.user})
    services.news_of(report.api, None)
