"""The button *Edit* of a receipt opens the report's form."""

import logging
from collections.abc import Mapping
from functools import partial

from slack_bolt.async_app import AsyncApp

from blocks.form_state import Edited, Origin
from blocks.receipt_facts import errors_by_field
from bot.kind import AnyKind
from bot.listeners.opening import open_form
from bot.listeners.pressing import (
    PressRefusedError,
    on_press_later,
    report_of,
    revision_of,
    too_late,
)
from bot.services import Services
from bot.slack.payloads import Press
from storage.states import ALLOWED, Action, State

log = logging.getLogger(__name__)


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    on_press_later(app, Action.EDIT, services, partial(_edit, kinds))


async def _edit(kinds: Mapping[str, AnyKind], services: Services, press: Press) -> None:
    """Open the form with everything typed, and the API's reasons on their fields."""
    # The revision is read first: the form that opens is never older.
    revision = await revision_of(services, press)
    report = await report_of(services, press)
    if Action.EDIT not in ALLOWED[report.state]:
        raise await too_late(services, report.number)
    kind, words = kinds[report.kind], services.users.words(press.user)
    refused = report.state == State.REFUSED
    if not await open_form(
        services,
        kind,
        press.user,
        press.trigger_id,
        Origin.model_validate(report.origin),
        kind.form.from_payload(report.payload),
        edits=Edited(
            number=report.number, doubtful=report.state == State.UNKNOWN, revision=revision
        ),
        field_errors=errors_by_field(words, report.cause, kind.receipt) if refused else None,
    ):
        raise PressRefusedError("command.could_not_open")
