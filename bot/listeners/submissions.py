"""A form was sent: validate, store, acknowledge once, hand over."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import modal
from blocks.form import Answers, Earlier, FormMetadata, InvalidFormError, Report
from blocks.words import Words
from bot.kinds import Kind
from bot.services import Services
from bot.slack import web_api
from storage import reports
from storage.database import StorageError
from storage.reports import NewReport

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


@dataclass(frozen=True)
class _Sent:
    """A form as it was sent."""

    kind: Kind
    body: Body
    user: str
    words: Words
    metadata: FormMetadata
    answers: Answers
    now: float


class _NotStoredError(Exception):
    """Nothing was stored; the person decides what is next."""

    def __init__(
        self, field_errors: Mapping[str, str] | None = None, earlier: tuple[Earlier, ...] = ()
    ) -> None:
        super().__init__("the form was not taken")
        self.field_errors = field_errors or {}
        self.earlier = earlier


def register(app: AsyncApp, kind: Kind, services: Services) -> None:
    @app.view(kind.name)
    async def submitted(ack: AsyncAck, body: Body) -> None:
        services.views.submitted(str(body["view"]["id"]))
        sent = _read(services, kind, body)
        try:
            # Who was asked once and sends it again has answered.
            await _store(services, sent, ask=not sent.metadata.earlier)
        except _NotStoredError as trouble:
            await _say(ack, services, sent, trouble)
        else:
            await ack()
            services.views.closed(str(body["view"]["id"]))
            _hand_over(services, sent)

    @app.action({"action_id": modal.FILE_ANYWAY, "block_id": f"{modal.FILE_ANYWAY}.{kind.name}"})
    async def file_anyway(ack: AsyncAck, body: Body) -> None:
        sent = _read(services, kind, body)
        try:
            number = await _store(services, sent, ask=False)
        except _NotStoredError as trouble:
            await ack()
            services.tasks.start(_put(services, body, _drawn(services, sent, trouble)))
        else:
            await ack()
            _hand_over(services, sent)
            heading = body["view"]["title"]["text"]
            services.tasks.start(_put(services, body, modal.saved(sent.words, heading, number)))


def _read(services: Services, kind: Kind, body: Body) -> _Sent:
    user, view = str(body["user"]["id"]), body["view"]
    metadata = FormMetadata.model_validate_json(view["private_metadata"])
    return _Sent(
        kind=kind,
        body=body,
        user=user,
        words=services.people.words(user),
        metadata=metadata,
        answers=kind.form_data.ready(user, metadata, Answers.of_view(view)),
        now=services.clock.time(),
    )


async def _store(services: Services, sent: _Sent, *, ask: bool) -> int:
    """Validate and store.

    :param ask: whether to ask about earlier reports of the same first
    :returns: the report's number
    :raises _NotStoredError: when nothing was stored
    """
    kind, words = sent.kind, sent.words
    if sent.metadata.gathered:  # the file knows what is in a draft, whichever process filled it
        await kind.form_data.look(sent.user, sent.metadata, sent.answers)
    try:
        known = kind.form_data.known(sent.user, sent.metadata, sent.answers)
        report = kind.form.read(words, sent.answers, now=sent.now, known=known)
    except InvalidFormError as invalid:
        if sent.metadata.gathered and (number := await _sent_before(services, sent)):
            return number
        raise _NotStoredError(invalid.field_errors) from invalid
    if kind.api not in services.workers:
        text = words("command.not_set_up", api=kind.api_label, settings=kind.settings)
        raise _NotStoredError({_first(sent.answers): text})
    try:
        if sent.metadata.edits:
            number = await _edit(services, sent, report)
            _remember(services, sent, report)
            return number
        since = sent.now - services.config.recent_days * 86_400 if ask else None
        stored = await services.store.write_urgent(
            reports.add_unless_known, _promise(sent, report), now=sent.now, since=since
        )
    except StorageError as error:
        log.exception("a report of %s could not be stored", sent.user)
        raise _NotStoredError({_first(sent.answers): words("form.not_stored")}) from error
    if isinstance(stored, list):
        raise _NotStoredError(earlier=tuple(_earlier(one) for one in stored))
    number, new = stored
    _remember(services, sent, report)
    if not new:
        log.info("report %d of %s was sent once more", number, sent.user)
    return number


async def _sent_before(services: Services, sent: _Sent) -> int | None:
    """The report that this form became, if it was sent before: its draft went with it."""
    try:
        return await services.store.read(reports.sent_by, sent.metadata.key)
    except StorageError:
        log.exception("nobody could look whether a form of %s was sent before", sent.user)
        return None


async def _edit(services: Services, sent: _Sent, report: Report) -> int:
    assert sent.metadata.edits is not None  # noqa: S101 - the caller looked
    number = sent.metadata.edits.number
    if not await services.store.write_urgent(
        reports.edit,
        number,
        sent.metadata.key,
        report.body(),
        report.targets(),
        who=sent.user,
        now=sent.now,
    ):
        known = await services.store.read(reports.get, number)
        state = sent.words(f"state.{known.state}") if known else "?"
        raise _NotStoredError({_first(sent.answers): sent.words("form.gone", state=state)})
    return number


def _promise(sent: _Sent, report: Report) -> NewReport:
    origin = sent.metadata.origin
    return NewReport(
        key=sent.metadata.key,
        kind=sent.kind.name,
        api=sent.kind.api,
        who=sent.user,
        origin=origin.model_dump(exclude_none=True),
        payload=report.body(),
        targets=report.targets(),
        thread_channel=origin.channel,
        thread_ts=origin.thread_ts,
    )


def _earlier(known: reports.Report) -> Earlier:
    return Earlier(
        number=known.number,
        who=known.who,
        at=int(known.created_at),
        state=known.state,
        remote_id=known.remote_id,
    )


async def _say(ack: AsyncAck, services: Services, sent: _Sent, trouble: _NotStoredError) -> None:
    """Each fault on its own field; a form that has not got the field yet is drawn with it."""
    field_errors, blocks = trouble.field_errors, sent.answers.blocks
    if field_errors and field_errors.keys() <= blocks.keys():
        errors = {blocks[name]: sentence for name, sentence in field_errors.items()}
        services.views.refused(sent.kind, sent.body, sent.metadata, sent.answers, field_errors)
        await ack(response_action="errors", errors=errors)
    else:
        await ack(response_action="update", view=_drawn(services, sent, trouble))


def _drawn(services: Services, sent: _Sent, trouble: _NotStoredError) -> dict[str, Any]:
    """The form again, with what is to be said about it."""
    metadata = sent.metadata.redrawn()
    if trouble.earlier:
        metadata = metadata.model_copy(update={"earlier": trouble.earlier})
    view = services.views.drawn(sent.kind, sent.user, metadata, sent.answers, trouble.field_errors)
    services.views.refused(sent.kind, sent.body, metadata, sent.answers, trouble.field_errors, view)
    return view


async def _put(services: Services, body: Body, view: Any) -> None:
    """Draw a view in the place of the one where a button was pressed."""
    try:
        await web_api.call(services.client.views_update(view_id=body["view"]["id"], view=view))
    except web_api.SlackError as error:
        log.info("a form was not drawn again: %s", error)


def _remember(services: Services, sent: _Sent, report: Report) -> None:
    if work := sent.kind.form_data.sent(sent.user, sent.metadata, report):
        services.tasks.start(work)


def _hand_over(services: Services, sent: _Sent) -> None:
    services.workers[sent.kind.api].wake()
    # An edited report is told where it was first sent from.
    services.receipt_worker.wake(None if sent.metadata.edits else sent.metadata.origin.channel)


def _first(answers: Answers) -> str:
    """The first field on screen."""
    return next(iter(answers.blocks))
