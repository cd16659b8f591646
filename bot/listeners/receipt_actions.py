"""The buttons that every receipt may have: what a person decides about a report."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncApp

from blocks.answers import Answers
from blocks.form_state import Edited, Origin, new_key
from blocks.receipt_facts import errors_by_field
from bot.kind import AnyKind
from bot.listeners.pressing import (
    PressRefusedError,
    on_press,
    on_press_later,
    report_of,
    too_late,
)
from bot.services import Services
from bot.slack import web_api
from bot.slack.payloads import Press
from storage import reports
from storage.reports import Change
from storage.states import State

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Decision:
    """From which states it may be taken, and what the report becomes."""

    of: frozenset[State]
    becomes: State
    why: str


DECISIONS = {
    "try_now": _Decision(
        frozenset({State.WAITING, State.HELD, State.REFUSED}), State.WAITING, "asked"
    ),
    "send_again": _Decision(frozenset({State.UNKNOWN}), State.WAITING, "again"),
    "it_is_there": _Decision(frozenset({State.UNKNOWN}), State.FILED, "confirmed"),
    "discard": _Decision(
        frozenset({State.WAITING, State.HELD, State.REFUSED, State.UNKNOWN}),
        State.DISCARDED,
        "discarded",
    ),
}
EDITABLE = frozenset({State.HELD, State.REFUSED, State.UNKNOWN})


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    for name in DECISIONS:
        on_press(app, name, services, _decide)
    on_press_later(app, "edit", services, partial(_edit, kinds))


async def _decide(services: Services, press: Press) -> None:
    """Store a decision. A press that Slack sends twice is one decision."""
    now, decision = services.clock.time(), DECISIONS[press.action_id]
    report = await report_of(services, press)
    cause = {"why": decision.why, "by": press.user, "press": press.at}
    change = Change(decision.becomes, cause, who=press.user, next_try=now)
    of = list(decision.of)
    if not await services.store.run_first(reports.decide, report.number, of, change, now=now):
        raise await too_late(services, report.number)
    log.info("report %d: %s by %s", report.number, decision.why, press.user)
    services.news_of(report.api, None)


async def _edit(kinds: Mapping[str, AnyKind], services: Services, press: Press) -> None:
    """Open the report's form with everything typed, and the API's reasons on their fields."""
    report = await report_of(services, press)
    if report.state not in EDITABLE:
        raise await too_late(services, report.number)
    kind = kinds[report.kind]
    metadata = kind.form.metadata_type.model_validate(
        {
            "key": new_key(),
            "origin": Origin.model_validate(report.origin),
            "edits": Edited(number=report.number, doubtful=report.state == State.UNKNOWN),
        }
    )
    answers = Answers(kind.form.from_payload(report.payload))
    words = services.users.words(press.user)
    refused = report.state == State.REFUSED
    errors = errors_by_field(words, report.cause, kind.receipt) if refused else {}
    try:
        await services.views.open(press.trigger_id, kind, press.user, metadata, answers, errors)
    except web_api.SlackError as error:
        log.warning("the form of report %d could not be opened: %s", report.number, error)
        raise PressRefusedError("command.could_not_open") from error
