"""The buttons of a receipt by which a person decides about a report."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.kind import AnyKind
from bot.listeners import edits, notice_actions
from bot.listeners.pressing import on_press, report_of, store_decision, too_late
from bot.services import Services
from bot.slack.payloads import Press
from storage import reports
from storage.reports import Change
from storage.states import Action, State, states_allowing

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Decision:
    """The state of the report after it."""

    becomes: State
    why: str


DECISIONS = {
    Action.TRY_NOW: _Decision(State.WAITING, "asked"),
    Action.SEND_AGAIN: _Decision(State.WAITING, "again"),
    Action.IT_IS_THERE: _Decision(State.FILED, "confirmed"),
    Action.DISCARD: _Decision(State.DISCARDED, "discarded"),
}


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    edits.register(app, kinds, services)
    notice_actions.register(app, kinds, services)
    for action in DECISIONS:
        on_press(app, action, services, _decide)


async def _decide(services: Services, press: Press) -> None:
    """Store a decision. A press that Slack sends twice is one decision, and a press of a button
    that shows an older revision is none.
    """
    now, action = services.clock.time(), Action(press.action_id)
    report = await report_of(services, press)
    decision = DECISIONS[action]
    cause = {"why": decision.why, "by": press.user, "press": press.at}
    change = Change(decision.becomes, cause, who=press.user, next_try=now)
    decide = partial(
        reports.decide, number=report.number, of=states_allowing(action), change=change, now=now
    )
    if not await store_decision(services, press, decide):
        raise await too_late(services, report.number)
    log.info(
        "report decided", extra={"report": report.number, "why": decision.why, "user": press.user}
    )
    services.news_of(report.api, None)
