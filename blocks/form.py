"""The interface of every form: it is drawn, read, and it refuses answers.

A form's block_id and action_id are the API's field name, so an answer, a model's field, a 422's
field and an inline error share one key. Where a block had to be replaced, its block_id is
`name#2`: Slack keeps what was typed exactly where block_id and action_id stay the same.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from blocks.answers import Answers, Value
from blocks.block_kit import Block
from blocks.form_state import FormMetadata, State
from blocks.words import Words

Context_contra = TypeVar("Context_contra", contravariant=True)
"""The values that a form shows and that nobody typed. Each kind has its own type."""

FieldErrors = Mapping[str, str]
"""The errors by field, in words that the person understands."""


class InvalidFormError(Exception):
    """Answers that cannot be sent as they are. Nothing was stored."""

    def __init__(self, field_errors: FieldErrors) -> None:
        super().__init__(f"errors in {', '.join(field_errors)}")
        self.field_errors = field_errors


class Report(Protocol):
    """A validated submission, ready to be stored and sent."""

    def body(self) -> dict[str, Any]:
        """The stored and sent body: the API's own field names, and no key without a value."""

    def targets(self) -> tuple[str, ...]:
        """The subjects of the report. Earlier reports of the same subject are found by them."""


class Form(Protocol[Context_contra, State]):
    """One kind of report's form."""

    @property
    def callback_id(self) -> str:
        """Of its view."""

    @property
    def metadata_type(self) -> type[FormMetadata[State]]:
        """The class of its private_metadata, with this kind's own state."""

    @property
    def redraws_on(self) -> tuple[str, ...]:
        """The action_ids that redraw the form."""

    @property
    def heard_in(self) -> tuple[str, ...]:
        """The fields that send each character typed, so that filling them keeps it."""

    @property
    def searched_in(self) -> tuple[str, ...]:
        """The fields whose options Slack asks for while a person types."""

    def pressed(
        self, metadata: FormMetadata[State], answers: Answers, action: Mapping[str, Any]
    ) -> tuple[FormMetadata[State], Answers]:
        """The change that an action of `redraws_on` makes in the form.

        :param action: one of the actions of Slack's block_actions
        """

    def from_words(self, text: str) -> Mapping[str, Value]:
        """The values that the words after a command fill in."""

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        """The values that the message of a shortcut fills in."""

    def draw(
        self,
        words: Words,
        metadata: FormMetadata[State],
        answers: Answers,
        *,
        now: float,
        context: Context_contra | None = None,
        field_errors: FieldErrors | None = None,
    ) -> Block:
        """The whole view for these answers.

        :param now: UNIX seconds, for defaults such as "in 24 hours"
        :param context: values that the form shows and that nobody typed; None when the API is not
            set up
        :param field_errors: shown behind their fields, or on top when the form has no such field
        """

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        """The values that a stored body fills in when it is edited."""

    def read(
        self, words: Words, answers: Answers, *, now: float, context: Context_contra | None = None
    ) -> Report:
        """Validate the submitted answers.

        :param context: as `draw` takes it
        :raises InvalidFormError: with every fault, each on its own field
        """

    def is_sent_again(
        self,
        stored: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        context: Context_contra | None = None,
    ) -> bool:
        """Whether a stored body has all that the person wrote and chose in a form that is sent
        again.

        :param body: that of the form as it is now
        :param context: as `draw` takes it
        """
