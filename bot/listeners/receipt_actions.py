"""The buttons of a receipt: what a person decides about a report."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Answers, Edited, FormMetadata, Origin, new_key
from blocks.issue.model import IssueReport
from blocks.receipt import reasons
from bot.immoteur.resolve import without_unread
from bot.kinds import Kind
from bot.services import Services
from bot.slack import web_api
from storage import reports
from storage.database import StorageError
from storage.reports import Change, Report
from storage.states import ALLOWED, Action, State, states_allowing

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


@dataclass(frozen=True)
class _Decision:
    """What a report becomes by it."""

    becomes: State
    why: str


@dataclass(frozen=True)
class _Objection:
    """Why a press did nothing: a sentence of the catalogue, and its facts."""

    key: str
    number: int = 0
    state: State | None = None


DECISIONS = {
    Action.TRY_NOW: _Decision(State.WAITING, "asked"),
    Action.SEND_AGAIN: _Decision(State.WAITING, "again"),
    Action.IT_IS_THERE: _Decision(State.FILED, "confirmed"),
    Action.DISCARD: _Decision(State.DISCARDED, "discarded"),
}


def register(app: AsyncApp, kinds: Mapping[str, Kind], services: Services) -> None:
    async def decide(ack: AsyncAck, body: Body) -> None:
        objection = await _decide(services, body)
        await ack()
        if objection:
            services.tasks.start(_tell(services, body, objection))

    async def edit(ack: AsyncAck, body: Body) -> None:
        await ack()
        services.tasks.start(_edit(services, kinds, body))

    async def send_without(ack: AsyncAck, body: Body) -> None:
        objection = await _send_without(services, body)
        await ack()
        if objection:
            services.tasks.start(_tell(services, body, objection))

    app.action({"action_id": "send_without", "type": "block_actions"})(send_without)
    for name in DECISIONS:
        app.action({"action_id": name, "type": "block_actions"})(decide)
    app.action({"action_id": "edit", "type": "block_actions"})(edit)


async def _decide(services: Services, body: Body) -> _Objection | None:
    """Store a decision, or say why it was not taken."""
    action, user = body["actions"][0], str(body["user"]["id"])
    now = services.clock.time()
    taken = Action(action["action_id"])
    decision = DECISIONS[taken]
    try:
        report = await services.store.read(reports.get, int(action["value"]))
        if report is None or not _may(services, report, user):
            return _Objection("command.forbidden")
        cause = {"why": decision.why, "by": user}
        change = Change(decision.becomes, cause, who=user, next_try=now)
        if not await services.store.write_urgent(
            reports.decide, report.number, states_allowing(taken), change, now=now
        ):
            return await _too_late(services, report.number)
    except StorageError:
        log.exception("a decision of %s could not be stored", user)
        return _Objection("command.not_stored")
    log.info("report %d: %s by %s", report.number, decision.why, user)
    if report.api in services.workers:
        services.workers[report.api].wake()
    services.receipt_worker.wake()
    return None


async def _send_without(services: Services, body: Body) -> _Objection | None:
    """Send a report without the targets that could not be read: that is an edit of it."""
    action, user, now = body["actions"][0], str(body["user"]["id"]), services.clock.time()
    try:
        report = await services.store.read(reports.get, int(action["value"]))
        if report is None or not _may(services, report, user):
            return _Objection("command.forbidden")
        if Action.SEND_WITHOUT not in ALLOWED[report.state] or not report.cause.get("others"):
            return await _too_late(services, report.number)
        payload = without_unread(report.payload, report.cause["unread"])
        if not await services.store.write_urgent(
            reports.edit,
            report.number,
            f"without {action['action_ts']}",
            payload,
            IssueReport.model_validate(payload).targets(),
            who=user,
            now=now,
            action=Action.SEND_WITHOUT,
        ):
            return await _too_late(services, report.number)
    except StorageError:
        log.exception("a decision of %s could not be stored", user)
        return _Objection("command.not_stored")
    log.info("report %d: sent by %s without what could not be read", report.number, user)
    if report.api in services.workers:
        services.workers[report.api].wake()
    services.receipt_worker.wake()
    return None


async def _edit(services: Services, kinds: Mapping[str, Kind], body: Body) -> None:
    """Open the report's form with everything typed, and the API's reasons on their fields."""
    user = str(body["user"]["id"])
    report = await services.store.read(reports.get, int(body["actions"][0]["value"]))
    if report is None or not _may(services, report, user):
        await _tell(services, body, _Objection("command.forbidden"))
        return
    if Action.EDIT not in ALLOWED[report.state]:
        await _tell(services, body, await _too_late(services, report.number))
        return
    kind = kinds[report.kind]
    edited = Edited(number=report.number, doubtful=report.state == State.UNKNOWN)
    metadata = FormMetadata(
        key=new_key(), origin=Origin.model_validate(report.origin), edits=edited
    )
    answers = Answers(kind.form.from_payload(report.payload))
    field_errors = (
        reasons(services.people.words(user), report.cause) if report.state == State.REFUSED else {}
    )
    try:
        await services.views.open(body["trigger_id"], kind, user, metadata, answers, field_errors)
    except web_api.SlackError as error:
        log.warning("a form could not be opened: %s", error)
        await _tell(services, body, _Objection("command.could_not_open"))


async def _too_late(services: Services, number: int) -> _Objection:
    report = await services.store.read(reports.get, number)
    return _Objection("command.too_late", number, report.state if report else None)


def _may(services: Services, report: Report, user: str) -> bool:
    return user == report.who or user in services.config.admins


async def _tell(services: Services, body: Body, objection: _Objection) -> None:
    """Tell the person alone, in their language, which has not been asked for if this is all they
    ever did here.
    """
    people, user = services.people, str(body["user"]["id"])
    if not people.knows(user):
        await people.learn(user)
    words = people.words(user)
    state = words(f"state.{objection.state}") if objection.state else "?"
    text = words(objection.key, number=objection.number, state=state)
    try:
        await web_api.respond(services.client, body["response_url"], text)
    except web_api.SlackNoAnswerError as error:
        log.warning("%s was not told why nothing was done: %s", user, error)
