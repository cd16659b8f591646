"""What only the form of `/anomaly` has: a site to choose, and the buttons of its draft."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly import draft_view
from blocks.anomaly.context import Known
from blocks.anomaly.fields import blank
from blocks.anomaly.state import AnomalyMetadata, AnomalyState
from blocks.answers import Answers
from blocks.form import FieldErrors, InvalidFormError
from blocks.words import Words
from bot.kare.form_data import AnomalyFormData
from bot.kare.recents import INSTALLATION, REPORT, SITE
from bot.kind import AnyKind
from bot.services import Services
from bot.slack.payloads import Action, Body, OpenForm
from storage.database import StorageError

log = logging.getLogger(__name__)

BUTTONS = (
    draft_view.ADD,
    draft_view.EDIT,
    draft_view.REMOVE,
    draft_view.CONTINUE,
    draft_view.DISCARD,
)
Drawn = tuple[AnomalyMetadata, Answers]
Change = Callable[[AnomalyMetadata, Answers], Drawn]


def with_form_data(form_data: AnomalyFormData) -> Callable[[AsyncApp, AnyKind, Services], None]:
    """:returns: what registers the listeners of a form with this data"""

    def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
        async def choose_site(ack: AsyncAck, body: Body) -> None:
            form: OpenForm[AnomalyState] = OpenForm.of(form_data.form, body)
            await ack()

            def change(metadata: AnomalyMetadata, answers: Answers) -> Drawn:
                stays = form_data.stays(answers.text(SITE), answers.text(INSTALLATION))
                return metadata, form_data.form.at_site(answers, stays=stays)

            services.tasks.start(services.views.choice(kind, form, change))

        async def press(ack: AsyncAck, body: Body) -> None:
            form: OpenForm[AnomalyState] = OpenForm.of(form_data.form, body)
            await ack()
            if form.action:
                pressed = _Press(kind, form_data, services, form, form.action)
                services.tasks.start(pressed.done())

        app.action({"action_id": SITE, "type": "block_actions"})(choose_site)
        for name in BUTTONS:
            app.action({"action_id": name, "type": "block_actions"})(press)

    return register


def register_not_set_up(app: AsyncApp, kind: AnyKind, services: Services) -> None:
    """A form that was opened before KARE's settings were taken away says so."""

    async def press(ack: AsyncAck, body: Body) -> None:
        form: OpenForm[AnomalyState] = OpenForm.of(kind.form, body)
        await ack()
        sentence = services.users.words(form.user)("command.not_set_up", **kind.missing)
        services.tasks.start(services.views.choice(kind, form, _same, {"draft": sentence}))

    for name in (SITE, *BUTTONS):
        app.action({"action_id": name, "type": "block_actions"})(press)


class _InvalidAnomalyError(Exception):
    def __init__(self, field_errors: FieldErrors) -> None:
        super().__init__("the draft stays as it is")
        self.field_errors = field_errors


@dataclass(frozen=True)
class _Press:
    """One press of a button. The draft changes in the file first; then the form is drawn."""

    kind: AnyKind
    form_data: AnomalyFormData
    services: Services
    form: OpenForm[AnomalyState]
    action: Action

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
            await self.form_data.drafts.fetch(self._user)
            change = await steps[self.action.action_id]()
        except _InvalidAnomalyError as refused:
            field_errors = refused.field_errors
        except StorageError:
            log.exception("a draft of %s could not be stored", self._user)
            field_errors = {"draft": self._words("form.not_stored")}
        await self.services.views.choice(self.kind, self.form, change, field_errors)

    async def _add(self) -> Change:
        await self._put()
        return self._next

    async def _edit(self) -> Change:
        """What is in the fields is added first, so that nothing typed is lost."""
        number = self._chosen
        wanted = self._shown.draft.get(number)
        if wanted is None:
            return _same
        if not blank(self._answers) and number != self._number:
            await self._put()

        def change(metadata: AnomalyMetadata, answers: Answers) -> Drawn:
            held = metadata.with_state(finding=number)
            return held, self.form_data.form.showing(answers, wanted)

        return change

    async def _remove(self) -> Change:
        number = self._chosen
        await self.form_data.drafts.take_out(self._metadata.key, number, who=self._user)
        return self._next if number == self._number else self._fewer

    async def _go_on(self) -> Change:
        to, channel = self._metadata.key, self._metadata.origin.channel
        drafts = self.form_data.drafts
        await drafts.hand_over(self.action.value, to, who=self._user, channel=channel)
        taken = drafts.of(to)
        if taken is None:
            return _same

        def change(metadata: AnomalyMetadata, answers: Answers) -> Drawn:
            head = {name: str(taken.head[name]) for name in (REPORT, SITE)}
            stays = self.form_data.stays(head[SITE], answers.text(INSTALLATION))
            answers = self.form_data.form.at_site(answers.changed(head), stays=stays)
            return metadata.with_state(finding=max(taken.findings) + 1), answers

        return change

    async def _discard(self) -> Change:
        await self.form_data.drafts.discard(self.action.value, who=self._user)
        return _same

    async def _put(self) -> None:
        """The finding in the fields, into the draft.

        :raises _InvalidAnomalyError: with what is wrong with it
        """
        words, now = self._words, self.services.clock.time()
        try:
            one = self.form_data.form.read_one(words, self._answers, now=now, known=self._shown)
        except InvalidFormError as invalid:
            raise _InvalidAnomalyError(invalid.field_errors) from invalid
        added = {self._number: one}
        if not await self.form_data.put(self._user, self._metadata, self._answers, added):
            raise _InvalidAnomalyError({"draft": words("draft.lost")})

    def _next(self, metadata: AnomalyMetadata, answers: Answers) -> Drawn:
        """A blank finding, with a number of its own."""
        there = self.form_data.drafts.of(metadata.key)
        number = max(there.findings) + 1 if there else 1
        after = metadata.with_state(finding=number, gathered=there is not None)
        return after, self.form_data.form.cleared(answers)

    def _fewer(self, metadata: AnomalyMetadata, answers: Answers) -> Drawn:
        there = self.form_data.drafts.of(metadata.key) is not None
        return metadata.with_state(gathered=there), answers

    @property
    def _chosen(self) -> int:
        """The number on the button; 0, which no anomaly has, for a value of another shape."""
        value = self.action.value
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

    @property
    def _user(self) -> str:
        return self.form.user

    @property
    def _words(self) -> Words:
        return self.services.users.words(self._user)

    @property
    def _metadata(self) -> AnomalyMetadata:
        return self.form.metadata

    @property
    def _number(self) -> int:
        return self.form.metadata.state.finding

    @property
    def _answers(self) -> Answers:
        return self.form.answers

    @property
    def _shown(self) -> Known:
        return self.form_data.context(self._user, self._metadata, self._answers)


def _same(metadata: AnomalyMetadata, answers: Answers) -> Drawn:
    return metadata, answers
