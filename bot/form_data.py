"""What a form shows that nobody typed: looked up, remembered, or kept for the person."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import Form, Report
from blocks.form_state import FormMetadata, State
from blocks.words import Words

__all__ = ["Context", "FormData", "FormKind", "Learned", "NoFormData", "NoSearchedFields", "State"]

Context = TypeVar("Context")
Context_co = TypeVar("Context_co", covariant=True)

Learned = Callable[[Answers], Answers]
"""What a look-up changes in the answers that are on screen by then."""


class FormData(Protocol[Context_co, State]):
    """What one kind's form is drawn and read with."""

    def begin(self, user: str, metadata: FormMetadata[State], answers: Answers) -> None:
        """Begin to fetch in the background what a form that is about to be drawn will show."""

    def prefill(self, user: str, metadata: FormMetadata[State], answers: Answers) -> Answers:
        """Replace what was typed by results that memory holds, before a form is drawn or read. No
        request is made.
        """

    def context(
        self, user: str, metadata: FormMetadata[State], answers: Answers
    ) -> Context_co | None:
        """What the form shows beside the answers, from memory; None when the API is not set up."""

    async def refresh(
        self, user: str, metadata: FormMetadata[State], answers: Answers
    ) -> Learned | None:
        """Fetch what the form needs, for a few seconds at most.

        :returns: what it changes in the answers; None when the form is right as it is
        """

    async def before_read(self, user: str, metadata: FormMetadata[State], answers: Answers) -> None:
        """Called before a submitted form is read: load what another process may have changed."""

    def on_stored(
        self, user: str, metadata: FormMetadata[State], report: Report
    ) -> Coroutine[Any, Any, object] | None:
        """The form's report was stored: remember what the next form may offer.

        :returns: work to be done after the answer to Slack
        """

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: FormMetadata[State]
    ) -> Sequence[Block]:
        """The options of a searchable field, from memory: 100 at most.

        :param name: one of the form's `searched_in`
        :param query: what was typed in the field
        """


class NoSearchedFields:
    """The part of a form's data that a form without searchable fields and drafts has."""

    def prefill(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> Answers:
        del user, metadata
        return answers

    async def before_read(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> None:
        del user, metadata, answers

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: FormMetadata[Any]
    ) -> Sequence[Block]:
        del words, name, query, user, metadata
        return ()


class NoFormData(NoSearchedFields):
    """The data of a form that shows only what was typed, or whose API is not set up."""

    def begin(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> None:
        del user, metadata, answers

    def context(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> None:
        del user, metadata, answers

    async def refresh(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> None:
        del user, metadata, answers

    def on_stored(self, user: str, metadata: FormMetadata[Any], report: Report) -> None:
        del user, metadata, report


class FormKind(Protocol[Context, State]):
    """What opening and drawing a form needs to have of a kind of report."""

    @property
    def form(self) -> Form[Context, State]: ...

    @property
    def form_data(self) -> FormData[Context, State]: ...
