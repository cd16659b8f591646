"""A form is submitted: validate, store, acknowledge once, hand over."""

import logging
from dataclasses import dataclass, replace
from typing import Any, Generic

from pydantic import ValidationError
from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import modal
from blocks.answers import Answers
from blocks.form import FieldErrors, InvalidFormError, Report
from blocks.form_state import Earlier, Edited, FormMetadata, State
from blocks.words import Words
from bot.form_data import Context
from bot.kind import Kind
from bot.listeners.pressing import may, state_name
from bot.services import Services
from bot.slack.payloads import Body, OpenForm
from storage import reports, states
from storage.database import StorageError
from storage.reports import NewReport

log = logging.getLogger(__name__)

NO_ERRORS: FieldErrors = {}


class _NotTakenError(Exception):
    """Nothing was stored. The form stays open, and the person decides what is next."""

    def __init__(
        self,
        field_errors: FieldErrors = NO_ERRORS,
        *,
        earlier: tuple[Earlier, ...] = (),
        doubtful: bool = False,
    ) -> None:
        """:param earlier: reports of the same that the form asks about
        :param doubtful: whether the form must warn that the report may have arrived
        """
        super().__init__("the form was not taken")
        self.field_errors, self.earlier, self.doubtful = field_errors, earlier, doubtful


def register(app: AsyncApp, kind: Kind[Context, State], services: Services) -> None:
    @app.view(kind.name)
    async def submitted(ack: AsyncAck, body: Body) -> None:
        submission = _Submission.of(services, kind, body)
        services.views.submitted(submission.form.view_id)
        try:
            # A form that showed the earlier reports already is meant to be filed all the same.
            await submission.store(ask=not submission.form.metadata.earlier)
        except _NotTakenError as refused:
            await submission.answer(ack, refused)
        else:
            await ack()
            services.views.closed(submission.form.view_id)
            submission.hand_over()

    @app.action({"action_id": modal.FILE_ANYWAY, "block_id": f"{modal.FILE_ANYWAY}.{kind.name}"})
    async def file_anyway(ack: AsyncAck, body: Body) -> None:
        submission = _Submission.of(services, kind, body)
        view_id = submission.form.view_id
        try:
            number = await submission.store(ask=False)
        except _NotTakenError as refused:
            await ack()
            view = submission.drawn(refused)
        else:
            await ack()
            submission.hand_over()
            view = modal.saved(submission.words, submission.form.title, number)
        services.tasks.start(services.views.replace(view_id, view))


@dataclass(frozen=True)
class _Submission(Generic[Context, State]):
    """A form as it was submitted."""

    services: Services
    kind: Kind[Context, State]
    form: OpenForm[State]
    now: float

    @classmethod
    def of(
        cls, services: Services, kind: Kind[Context, State], body: Body
    ) -> "_Submission[Context, State]":
        """:raises MalformedPayloadError: when it is no form of this kind"""
        form = OpenForm.of(kind.form, body)
        answers = kind.form_data.prefill(form.user, form.metadata, form.answers)
        return cls(services, kind, replace(form, answers=answers), services.clock.time())

    @property
    def words(self) -> Words:
        return self.services.users.words(self.form.user)

    async def store(self, *, ask: bool) -> int:
        """Validate and store.

        :param ask: whether to ask about earlier reports of the same first
        :returns: the report's number
        :raises _NotTakenError: when nothing was stored
        """
        kind, form = self.kind, self.form
        await kind.form_data.before_read(form.user, form.metadata, form.answers)
        try:
            report = self._read()
        except _NotTakenError:
            # Its draft went when it was stored, so a form sent twice is no longer complete.
            if number := await self._sent_before():
                return number
            raise
        if kind.client is None:
            raise self._refused(self.words("command.not_set_up", **kind.missing))
        try:
            number = await (self._edit(report) if form.metadata.edits else self._add(report, ask))
        except StorageError as error:
            log.exception("a report of %s could not be stored", form.user)
            raise self._refused(self.words("form.not_stored")) from error
        if work := kind.form_data.on_stored(form.user, form.metadata, report):
            self.services.tasks.start(work)
        return number

    def _read(self) -> Report:
        """:raises _NotTakenError: with every fault"""
        kind, form = self.kind, self.form
        context = kind.form_data.context(form.user, form.metadata, form.answers)
        try:
            return kind.form.read(self.words, form.answers, now=self.now, context=context)
        except InvalidFormError as invalid:
            raise _NotTakenError(invalid.field_errors) from invalid
        except ValidationError as invalid:
            # Slack's own elements do not send such a value.
            names = [str(error["loc"][0]) for error in invalid.errors() if error["loc"]]
            sentence = self.words("form.impossible")
            faults = {name: sentence for name in names if name in form.answers.blocks}
            raise _NotTakenError(faults or {_first(form.answers): sentence}) from invalid

    async def _sent_before(self) -> int | None:
        """The number of the report that this form became, if it was sent before."""
        try:
            return await self.services.store.run_first(reports.sent_by, self.form.metadata.key)
        except StorageError:
            log.exception("it is not known whether a form of %s was sent before", self.form.user)
            return None

    async def _add(self, report: Report, ask: bool) -> int:  # noqa: FBT001 - as `store` takes it
        days = self.services.config.recent_days
        stored = await self.services.store.run_first(
            reports.add_unless_known,
            self._new(report),
            now=self.now,
            since=self.now - days * 86_400 if ask else None,
        )
        if isinstance(stored, list):
            raise _NotTakenError(earlier=tuple(_earlier(report) for report in stored))
        number, new = stored
        if not new:
            log.info("report %d of %s was sent once more", number, self.form.user)
        return number

    async def _edit(self, report: Report) -> int:
        """Put a new version in the place of the stored one.

        :raises _NotTakenError: when the person may not, or the report has changed since
        """
        form, store = self.form, self.services.store
        edits = form.metadata.edits
        assert edits is not None  # noqa: S101 - the caller looked
        stored = await store.run_first(reports.get, edits.number)
        if stored is None or not may(self.services, stored, form.user):
            raise self._refused(self.words("command.forbidden"))
        if not await store.run_first(
            reports.edit,
            edits.number,
            form.metadata.key,
            report.body(),
            report.targets(),
            who=form.user,
            now=self.now,
            of=sorted(_DOUBTED if edits.doubtful else _SURE),
        ):
            stored = await store.run_first(reports.get, edits.number)
            if stored is not None and stored.state == states.State.UNKNOWN:
                raise _NotTakenError(doubtful=True)
            state = state_name(self.words, stored.state if stored else None)
            raise self._refused(self.words("form.gone", state=state))
        return edits.number

    def _new(self, report: Report) -> NewReport:
        metadata = self.form.metadata
        return NewReport(
            key=metadata.key,
            kind=self.kind.name,
            api=self.kind.api,
            who=self.form.user,
            origin=metadata.origin.model_dump(exclude_none=True),
            payload=report.body(),
            targets=report.targets(),
            thread_channel=metadata.origin.channel,
            thread_ts=metadata.origin.thread_ts,
        )

    def _refused(self, sentence: str) -> _NotTakenError:
        return _NotTakenError({_first(self.form.answers): sentence})

    async def answer(self, ack: AsyncAck, refused: _NotTakenError) -> None:
        """Each fault on its own field. A form that lacks the field is drawn again with it."""
        field_errors, blocks = refused.field_errors, self.form.answers.blocks
        if field_errors and field_errors.keys() <= blocks.keys():
            errors = {blocks[name]: sentence for name, sentence in field_errors.items()}
            self.services.views.refused(self.kind, self.form, field_errors)
            await ack(response_action="errors", errors=errors)
        else:
            await ack(response_action="update", view=self.drawn(refused))

    def drawn(self, refused: _NotTakenError) -> dict[str, Any]:
        """The form again, with what is to be said about it."""
        form, views = self.form, self.services.views
        metadata = _asking(form.metadata.redrawn(), refused)
        errors = refused.field_errors
        view = views.drawn(self.kind, form.user, metadata, form.answers, errors)
        views.refused(self.kind, replace(form, metadata=metadata), errors, view)
        return view

    def hand_over(self) -> None:
        """Wake the workers. The receipt of an edited report stays where it was first posted."""
        metadata = self.form.metadata
        self.services.news_of(self.kind.api, None if metadata.edits else metadata.origin.channel)


_SURE = frozenset({states.State.REFUSED, states.State.HELD})
_DOUBTED = _SURE | {states.State.UNKNOWN}
"""The states of a report that a form may edit, without the warning and with it."""


def _asking(metadata: FormMetadata[State], refused: _NotTakenError) -> FormMetadata[State]:
    """The metadata with the question that the form has to ask."""
    if refused.earlier:
        metadata = metadata.model_copy(update={"earlier": refused.earlier})
    if refused.doubtful and metadata.edits:
        edits = Edited(number=metadata.edits.number, doubtful=True)
        metadata = metadata.model_copy(update={"edits": edits})
    return metadata


def _earlier(report: reports.Report) -> Earlier:
    return Earlier(
        number=report.number,
        who=report.who,
        at=int(report.created_at),
        state=report.state,
        remote_id=report.remote_id,
    )


def _first(answers: Answers) -> str:
    """The first field on screen."""
    return next(iter(answers.blocks), "")
