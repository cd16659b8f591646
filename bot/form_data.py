"""The values in a form that nobody typed: looked up, remembered, or kept for the person."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import Form, Report
from blocks.form_state import FormMetadata, State
from blocks.words import Words
from storage.draft_model import DraftAnomaly

__all__ = ["Context", "FormData", "FormKind", "Learned", "NoFormData", "NoSearchedFields", "State"]

Context = TypeVar("Context")
Context_co = TypeVar("Context_co", covariant=True)

Learned = Callable[[Answers], Answers]
"""The change that a look-up makes in the answers on screen."""


class FormData(Protocol[Context_co, State]):
    """The data with which one kind's form is drawn and read."""

    def begin(self, user: str, metadata: FormMetadata[State], answers: Answers) -> None:
        """Begin to fetch, in the background, the data of a form that is about to be drawn."""

    def prefill(self, user: str, metadata: FormMetadata[State], answers: Answers) -> Answers:
        """Replace typed values by results in memory, before a form is drawn or read. No request is
        made.
        """

    def context(
        self, user: str, metadata: FormMetadata[State], answers: Answers
    ) -> Context_co | None:
        """The values that the form shows beside the answers, from memory; None when the API is not
        set up.
        """

    async def refresh(
        self, user: str, metadata: FormMetadata[State], answers: Answers
    ) -> Learned | None:
        """Fetch the data that the form needs, for a few seconds at most.

        :returns: the change in the answers; None when there is none
        """

    async def before_read(self, user: str, metadata: FormMetadata[State], answers: Answers) -> None:
        """Load the data that another process may have changed. Called before a submitted form is
        read.
        """

    def draft(self, user: str, metadata: FormMetadata[State]) -> Mapping[int, DraftAnomaly] | None:
        """The draft that the form is read with, from memory; None for a form that has none."""

    def on_stored(
        self, user: str, metadata: FormMetadata[State], report: Report
    ) -> Coroutine[Any, Any, object] | None:
        """Remember the values that the next form may offer. Called when the form's report was
        stored.

        :returns: work to be done after the answer to Slack
        """

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: FormMetadata[State]
    ) -> Sequence[Block]:
        """The options of a searchable field, from memory: 100 at most.

        :param name: one of the form's `searched_in`
        :param query: the text in the field
        """


class NoSearchedFields:
    """The part of a form's data that a form without searchable fields and drafts has."""

    def prefill(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> Answers:
        del user, metadata
        return answers

    async def before_read(self, user: str, metadata: FormMetadata[Any], answers: Answers) -> None:
        del user, metadata, answers

    def draft(self, user: str, metadata: FormMetadata[Any]) -> None:
        del user, metadata

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: FormMetadata[Any]
    ) -> Sequence[Block]:
        del words, name, query, user, metadata
        return ()


class NoFormData(NoSearchedFields):
    """The data of a form that shows only typed values, or whose API is not set up."""

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
