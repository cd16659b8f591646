"""The actions of a draft's buttons. Each changes the database first, and then the form."""

from collections.abc import Callable
from dataclasses import dataclass

from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.form import InvalidFormError
from blocks.words import Words
from bot.kare.drafts import Drafts
from bot.kare.form_data import AnomalyFormData
from storage.drafts import Outcome

Changed = tuple[AnomalyMetadata, Answers]
Change = Callable[[AnomalyMetadata, Answers], Changed]
"""Changes a form when it is drawn. The form may have changed since the button was pressed."""


@dataclass(frozen=True)
class DraftPress:
    """A button of a draft was pressed in a form."""

    user: str
    words: Words
    metadata: AnomalyMetadata
    answers: Answers
    now: float
    """UNIX seconds."""


class DraftSteps:
    """Each method is the action of one button.

    :returns: the change of the form that remains to be drawn
    :raises InvalidFormError: when the anomaly in the fields could not be added
    :raises StorageError: when nothing could be stored
    """

    def __init__(self, form: AnomalyForm, form_data: AnomalyFormData, drafts: Drafts) -> None:
        self._form, self._data, self._drafts = form, form_data, drafts

    async def add(self, press: DraftPress) -> Change:
        await self._drafts.fetch(press.user)
        await self._save(press)
        return self._form.emptied

    async def edit(self, press: DraftPress, number: int) -> Change:
        return await self._fill(press, number, number)

    async def copy(self, press: DraftPress, number: int) -> Change:
        """Begin a new anomaly with everything that another one holds."""
        return await self._fill(press, number, None)

    async def remove(self, press: DraftPress, number: int) -> Change:
        user, key = press.user, press.metadata.key
        await self._drafts.fetch(user)
        await self._drafts.remove(user, key, number)
        has_draft = self._drafts.of(user, key) is not None
        in_fields = number == press.metadata.state.anomaly_number

        def change(metadata: AnomalyMetadata, answers: Answers) -> Changed:
            metadata = metadata.with_state(has_draft=has_draft)
            return self._form.emptied(metadata, answers) if in_fields else (metadata, answers)

        return change

    async def resume(self, press: DraftPress, key: str) -> Change:
        """Continue an unsent draft in this form, and the anomaly that was being typed in it.

        :raises InvalidFormError: when this form's fields hold another anomaly
        """
        await self._drafts.fetch(press.user)
        offered = self._drafts.of(press.user, key)
        if offered and offered.unfinished and not self._form.is_blank(press.answers):
            raise InvalidFormError({"draft": press.words("draft.finish_first")})
        draft = await self._drafts.resume(press.user, key, press.metadata)
        if draft is None:
            return unchanged
        head = {name: str(value) for name, value in draft.head.items()}
        typed = draft.unfinished

        def change(metadata: AnomalyMetadata, answers: Answers) -> Changed:
            metadata = metadata.with_state(list_hidden=False)
            answers = self._data.fitted(answers.changed(head))
            if typed is None:
                return metadata, answers
            return self._form.continued(metadata, answers, typed["values"], typed["number"])

        return change

    async def begin(
        self, user: str, words: Words, metadata: AnomalyMetadata, key: str, *, now: float
    ) -> Changed | None:
        """Continue an unsent draft in a form that is not open yet.

        :param now: UNIX seconds
        :returns: the values of the opened form; None when the draft is gone
        """
        blank = Answers({})
        change = await self.resume(DraftPress(user, words, metadata, blank, now), key)
        if self._drafts.of(user, metadata.key) is None:
            return None
        return change(metadata, blank)

    async def discard(self, press: DraftPress, key: str) -> Change:
        await self._drafts.discard(press.user, key)
        return unchanged

    async def _fill(self, press: DraftPress, number: int, edited: int | None) -> Change:
        """Put an anomaly of the draft into the fields. The anomaly in the fields is added first, so
        that nothing that was typed is lost.

        :param edited: the number that the fields edit then; None for a new anomaly
        """
        await self._drafts.fetch(press.user)
        context = self._data.context(press.user, press.metadata, press.answers)
        anomaly = context.draft.get(number)
        if anomaly is None or number == context.anomaly_number:
            return unchanged
        if not self._form.is_blank(press.answers):
            await self._save(press)
        return lambda metadata, answers: self._form.filled(metadata, answers, edited, anomaly)

    async def _save(self, press: DraftPress) -> None:
        """Store the anomaly in the fields.

        :raises InvalidFormError: when it cannot be added; nothing was stored
        """
        words, metadata, answers = press.words, press.metadata, press.answers
        context = self._data.context(press.user, metadata, answers)
        anomaly = self._form.read_for_draft(words, answers, now=press.now, context=context)
        outcome = await self._drafts.save(
            press.user,
            metadata,
            answers,
            anomaly,
            number=context.anomaly_number,
            photos=self._form.new_photos(answers, context),
        )
        if outcome is Outcome.GONE:
            raise InvalidFormError({"draft": words("draft.gone")})
        if outcome is Outcome.SENT:
            raise InvalidFormError({"draft": words("draft.lost")})
        if outcome is Outcome.FULL:
            raise InvalidFormError({"title": self._form.too_many(words)})


def head_shown(metadata: AnomalyMetadata, answers: Answers) -> Changed:
    """The form with the fields of report and site."""
    return metadata.with_state(head_open=True), answers


def list_shown(metadata: AnomalyMetadata, answers: Answers) -> Changed:
    return metadata.with_state(list_hidden=False), answers


def list_hidden(metadata: AnomalyMetadata, answers: Answers) -> Changed:
    return metadata.with_state(list_hidden=True), answers


def unchanged(metadata: AnomalyMetadata, answers: Answers) -> Changed:
    return metadata, answers
