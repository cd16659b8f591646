"""The draft of `/anomaly`: a finding is added, edited or removed, a draft gone on with."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly import draft_view
from blocks.anomaly.context import Known
from blocks.anomaly.fields import blank
from blocks.form import Answers, FieldErrors, FormMetadata, InvalidFormError
from blocks.words import Words
from bot.kare.form_data import AnomalyFormData
from bot.kare.recents import INSTALLATION, REPORT, SITE
from bot.kinds import Kind
from bot.services import Services
from bot.slack.views import Change
from storage.database import StorageError

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, known: AnomalyFormData, services: Services) -> None:
    async def press(ack: AsyncAck, body: Body) -> None:
        await ack()
        services.tasks.start(_Press(kind, known, services, body).done())

    for name in (
        draft_view.ADD,
        draft_view.EDIT,
        draft_view.REMOVE,
        draft_view.CONTINUE,
        draft_view.DISCARD,
    ):
        app.action({"action_id": name, "type": "block_actions"})(press)


class _InvalidAnomalyError(Exception):
    def __init__(self, field_errors: FieldErrors) -> None:
        super().__init__("the draft stays as it is")
        self.field_errors = field_errors


@dataclass(frozen=True)
class _Press:
    """One press of a button. The draft changes in the file first; then the form is drawn."""

    kind: Kind
    known: AnomalyFormData
    services: Services
    body: Body

    async def done(self) -> None:
        steps = {
            draft_view.ADD: self._add,
            draft_view.EDIT: self._edit,
            draft_view.REMOVE: self._remove,
            draft_view.CONTINUE: self._go_on,
            draft_view.DISCARD: self._discard,
        }
        field_errors: FieldErrors = {}
        change: Change = _same
        try:
            await self.known.drafts.fetch(self._user)
            change = await steps[self.body["actions"][0]["action_id"]]()
        except _InvalidAnomalyError as refused:
            field_errors = refused.field_errors
        except StorageError:
            log.exception("a draft of %s could not be stored", self._user)
            field_errors = {"draft": self._words("form.not_stored")}
        await self.services.views.choice(self.kind, self.body, change, field_errors)

    async def _add(self) -> Change:
        await self._put()
        return self._next

    async def _edit(self) -> Change:
        """What is in the fields is added first, so that nothing typed is lost."""
        number = int(self._value)
        wanted = self._shown.draft.get(number)
        if wanted is None:
            return _same
        if not blank(self._answers) and number != self._number:
            await self._put()

        def change(metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
            held = metadata.model_copy(update={"finding": number})
            return held, self.known.form.showing(answers, wanted)

        return change

    async def _remove(self) -> Change:
        number = int(self._value)
        await self.known.drafts.take_out(self._metadata.key, number, who=self._user)
        return self._next if number == self._number else self._fewer

    async def _go_on(self) -> Change:
        to, channel = self._metadata.key, self._metadata.origin.channel
        await self.known.drafts.hand_over(self._value, to, who=self._user, channel=channel)
        taken = self.known.drafts.of(to)
        if taken is None:
            return _same

        def change(metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
            head = {name: str(taken.head[name]) for name in (REPORT, SITE)}
            stays = self.known.stays(head[SITE], answers.text(INSTALLATION))
            answers = self.known.form.at_site(answers.changed(head), stays=stays)
            return metadata.model_copy(update={"finding": max(taken.findings) + 1}), answers

        return change

    async def _discard(self) -> Change:
        await self.known.drafts.discard(self._value, who=self._user)
        return _same

    async def _put(self) -> None:
        """The finding in the fields, into the draft.

        :raises _InvalidAnomalyError: with what is wrong with it
        """
        words, now = self._words, self.services.clock.time()
        try:
            one = self.known.form.read_one(words, self._answers, now=now, known=self._shown)
        except InvalidFormError as invalid:
            raise _InvalidAnomalyError(invalid.field_errors) from invalid
        if not await self.known.put(self._user, self._metadata, self._answers, {self._number: one}):
            raise _InvalidAnomalyError({"draft": words("draft.lost")})

    def _next(self, metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
        """A blank finding, with a number of its own."""
        there = self.known.drafts.of(metadata.key)
        number = max(there.findings) + 1 if there else 1
        after = {"finding": number, "gathered": there is not None}
        return metadata.model_copy(update=after), self.known.form.cleared(answers)

    def _fewer(self, metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
        there = self.known.drafts.of(metadata.key) is not None
        return metadata.model_copy(update={"gathered": there}), answers

    @property
    def _user(self) -> str:
        return str(self.body["user"]["id"])

    @property
    def _words(self) -> Words:
        return self.services.people.words(self._user)

    @property
    def _value(self) -> str:
        return str(self.body["actions"][0]["value"])

    @property
    def _metadata(self) -> FormMetadata:
        return FormMetadata.model_validate_json(self.body["view"]["private_metadata"])

    @property
    def _number(self) -> int:
        return self._metadata.finding

    @property
    def _answers(self) -> Answers:
        return Answers.of_view(self.body["view"])

    @property
    def _shown(self) -> Known:
        return self.known.known(self._user, self._metadata, self._answers)


def _same(metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
    return metadata, answers
