"""A submitted form becomes a stored report, or it stays open and shows the reason."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic

from pydantic import ValidationError

from blocks.form import FieldErrors, InvalidFormError, Report
from bot.kind import Context, Kind, State
from bot.listeners.earlier import EarlierReports, NotTakenError
from bot.listeners.edit_storing import store_edit
from bot.services import Services
from bot.slack.payloads import Body, OpenForm
from storage import reports
from storage.engine import StorageError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Submission(Generic[Context, State]):
    """A form as it was submitted."""

    services: Services
    kind: Kind[Context, State]
    form: OpenForm[State]
    now: float

    @classmethod
    def of(
        cls, services: Services, kind: Kind[Context, State], body: Body
    ) -> "Submission[Context, State]":
        """:raises MalformedPayloadError: when it is no form of this kind"""
        form = OpenForm.of(kind.form, body, services.users.workspace)
        answers = kind.form_data.prefill(form.user, form.metadata, form.answers)
        if answers is not form.answers:
            form = replace(form, answers=answers)
        return cls(services, kind, form, services.clock.time())

    async def store(self, *, ask: bool) -> int:
        """Validate and store.

        :param ask: whether earlier reports of the same thing, which the form has not shown, must be
            shown first
        :returns: the report's number
        :raises NotTakenError: when nothing was stored
        :raises DraftChangedError: when the form's draft has changed since the form was read
        """
        kind, form = self.kind, self.form
        await kind.form_data.before_read(form.user, form.metadata, form.answers)
        try:
            report = self._read()
        except NotTakenError:
            # Storing a form deletes its draft, so a form that is sent twice is not complete.
            if number := await self._sent_before():
                return number
            raise
        if kind.client is None:
            raise self.refused("command.not_set_up", **kind.missing)
        try:
            number = await (
                self._edit(report, ask=ask) if form.metadata.edits else self._add(report, ask=ask)
            )
        except StorageError as error:
            log.exception("a report could not be stored", extra={"user": form.user})
            raise self.refused(f"form.{error.outcome}") from error
        if work := kind.form_data.on_stored(form.user, form.metadata, report):
            self.services.tasks.start(work)
        return number

    def _read(self) -> Report:
        """:raises NotTakenError: with every fault"""
        form, photos = self.form, self.kind.photos
        words = self.services.users.words(form.user)
        context = self._context
        faults: FieldErrors = {}
        try:
            if photos is not None:
                faults = photos.faults(words, form.answers)
            report = self.kind.form.read(words, form.answers, now=self.now, context=context)
            if photos is not None:
                report = photos.in_report(words, form.answers, report)
        except InvalidFormError as invalid:
            raise NotTakenError({**faults, **invalid.field_errors}) from invalid
        except ValidationError as invalid:
            # Slack's own elements send no such value; a forged request does.
            named = {str(error["loc"][0]) for error in invalid.errors() if error["loc"]}
            fields = named & form.answers.blocks.keys() or {form.first_field}
            sentence = words("form.impossible")
            raise NotTakenError(dict.fromkeys(fields, sentence)) from invalid
        if faults:
            raise NotTakenError(faults)
        return report

    async def _sent_before(self) -> int | None:
        """The number of the report that this form became, if it was sent before."""
        try:
            return await self.services.store.read(reports.sent_by, self.form.metadata.key)
        except StorageError:
            log.exception(
                "the check for an earlier submission of a form failed",
                extra={"user": self.form.user},
            )
            return None

    async def _add(self, report: Report, *, ask: bool) -> int:
        new = self._new(report)
        stored = await self.services.store.write_urgent(
            reports.add_unless_known,
            new,
            now=self.now,
            since=self._recent if ask else None,
            is_same=self._earlier.same_as(new.payload),
            shown=self._shown,
        )
        if isinstance(stored, list):
            raise NotTakenError(earlier=await self._earlier.shown(stored))
        number, is_new = stored
        facts = {"report": number, "kind": self.kind.name, "user": self.form.user}
        log.info("report taken" if is_new else "report submitted once more", extra=facts)
        if not is_new:
            await self._check_saved(number, report)
        return number

    async def _check_saved(self, number: int, report: Report) -> None:
        """Compare a form that was sent before with what was stored then. The person may have seen
        no answer, and have changed the text before they sent it again.

        :raises NotTakenError: when it was another text
        """
        stored = await self.services.store.read(reports.get, number)
        if stored is None or not self.kind.form.is_sent_again(
            stored.payload, report.body(), context=self._context
        ):
            raise self.refused("form.saved_before", number=number)

    async def _edit(self, report: Report, *, ask: bool) -> int:
        """Replace the stored report.

        :raises NotTakenError: when the person may not, the report has changed since, or other
            reports make the same request now
        """
        form, store = self.form, self.services.store
        edits = form.metadata.edits
        draft = self.kind.form_data.draft(form.user, form.metadata)
        assert edits is not None  # noqa: S101 - the caller looked
        stored = await store.read(reports.get, edits.number)
        if stored is None or not self.services.may_decide(stored.who, form.user):
            raise self.refused("command.forbidden")
        earlier = await self._earlier.of_edit(stored, report, since=self._recent) if ask else ()
        if any(report.number not in self._shown for report in earlier):
            raise NotTakenError(earlier=earlier)
        was_sent = await self._sent_before() is not None
        labels, text = self.kind.named(report, stored.labels)
        edit = partial(
            reports.edit,
            number=edits.number,
            key=form.metadata.key,
            payload=report.body(),
            targets=report.targets(),
            who=form.user,
            now=self.now,
            alerts=self._alerts(report),
            labels=labels,
            text=text,
            new_photos=self._photos,
            photo_places=self.kind.photos.places(self._context) if self.kind.photos else None,
            draft=draft,
        )
        if refused := await store_edit(self.services, edits, edit, key=form.metadata.key):
            sentence, state = refused
            words = self.services.users.words(form.user)
            raise self.refused(sentence, state=words(f"state.{state}"))
        facts = {"report": edits.number, "kind": self.kind.name, "user": form.user}
        log.info("report edited", extra=facts)
        if was_sent:
            await self._check_saved(edits.number, report)
        return edits.number

    def _new(self, report: Report) -> reports.NewReport:
        metadata = self.form.metadata
        labels, text = self.kind.named(report, {})
        return reports.NewReport(
            key=metadata.key,
            kind=self.kind.name,
            api=self.kind.api,
            who=self.form.user,
            origin=metadata.origin.model_dump(exclude_none=True),
            payload=report.body(),
            targets=report.targets(),
            thread_channel=metadata.origin.channel,
            thread_ts=metadata.origin.thread_ts,
            alerts=self._alerts(report),
            undo_seconds=self.services.config.undo_seconds,
            labels=labels,
            text=text,
            photos=self._photos,
            draft=self.kind.form_data.draft(self.form.user, metadata),
        )

    def _alerts(self, report: Report) -> tuple[str, ...]:
        """Where the report is announced, if it is grave."""
        origin, alert = self.form.metadata.origin, self.services.config.alert
        if alert is None:
            return ()
        gravity = self.kind.gravity(report.body())
        return alert.places(gravity, origin.channel, others_read_it=origin.is_channel)

    @property
    def _photos(self) -> Sequence[reports.NewPhoto]:
        """The files that are sent once the report is filed."""
        support = self.kind.photos
        return support.to_send(self.form.answers, self._context) if support else ()

    @property
    def _context(self) -> Context | None:
        form = self.form
        return self.kind.form_data.context(form.user, form.metadata, form.answers)

    @property
    def _earlier(self) -> EarlierReports[Context, State]:
        return EarlierReports(self.services, self.kind, self.form.user)

    @property
    def _shown(self) -> frozenset[int]:
        """The numbers of the earlier reports that the form has shown."""
        return frozenset(report.number for report in self.form.metadata.earlier)

    @property
    def _recent(self) -> float:
        """Since when a filed report counts as an earlier one, UNIX seconds."""
        return self.now - self.services.config.recent_days * 86_400

    def refused(self, key: str, **facts: object) -> NotTakenError:
        """A fault of no field is shown on the first one."""
        words = self.services.users.words(self.form.user)
        return NotTakenError({self.form.first_field: words(key, **facts)})

    def hand_over(self) -> None:
        """Wake the workers. The receipt of an edited report stays where it was first posted."""
        metadata, services = self.form.metadata, self.services
        if metadata.edits:
            services.news_of(self.kind.api, None)
        else:
            # A new report has no notice but its alert.
            may_be_grave = services.config.alert is not None
            services.news_of(self.kind.api, metadata.origin.channel, notices=may_be_grave)
