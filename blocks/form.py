"""What every form has in common: what it carries, what was answered, and how it complains.

A form's block_id and action_id are the API's field name, so an answer, a model's field, a 422's
field and an inline error share one key. Where a block had to be reset, its block_id is
`name#2`: Slack keeps what was typed exactly where block_id and action_id stay the same.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from blocks.block_kit import Block
from blocks.receipt import Summary
from blocks.words import Words

Value = str | tuple[str, ...] | int | None
"""An answer: a text or an option's value, several options' values, UNIX seconds, or nothing."""


class Origin(BaseModel):
    """Where a form was opened: carried in private_metadata (3,000 characters), stored with the
    report, and where its receipt is told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    team: str
    channel: str
    thread_ts: str | None = None
    """The thread to answer in; none for a command, which cannot be used in one."""
    link: str | None = None
    """The permalink of the message a shortcut was used on."""


class Earlier(BaseModel):
    """A report of the same thing, for asking whether to file another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    who: str
    at: int
    """UNIX seconds."""
    state: str
    remote_id: str | None = None


class Edited(BaseModel):
    """The stored report that a form edits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    doubtful: bool = False
    """It was sent and may have arrived: the form warns."""


def new_key() -> str:
    """32 characters that are no other form's. Keys of one time stand beside each other in the
    file's index: a million random ones would each be written in a place of its own.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


class FormMetadata(BaseModel):
    """A form's private_metadata."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    """Made when the form opened: the same form submitted twice is one report."""
    origin: Origin
    redraws: int = 1
    """How often it was drawn: numbers the blocks that must be reset."""
    more: bool = False
    """Whether the second comment field was asked for."""
    suggested_due: int | None = None
    """The due date that the form filled in by itself, UNIX seconds."""
    skipped_links: int = 0
    """How many links were more than the form takes."""
    site: str = ""
    """The parent of a dependent list: the state that a search brings may be an older one."""
    searched: tuple[str, ...] = ()
    """Fields that were drawn as searchable lists, and stay that."""
    finding: int = 1
    """The number of the finding that the form holds; it may lie in a draft already."""
    gathered: bool = False
    """Whether there was a draft when it was drawn."""
    edits: Edited | None = None
    earlier: tuple[Earlier, ...] = ()
    """Earlier reports of the same, once the form has asked about them."""

    def redrawn(self) -> "FormMetadata":
        return self.model_copy(update={"redraws": self.redraws + 1})


@dataclass(frozen=True)
class Answers:
    """What a form holds, by field, however its blocks are numbered."""

    values: Mapping[str, Value] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)
    """The block_id of each input block on screen, by field."""
    fresh: frozenset[str] = frozenset()
    """Fields whose value must take the place of the one on screen."""
    offered: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    """The options on screen, by field."""

    def changed(self, values: Mapping[str, Value]) -> "Answers":
        """With these values in the place of those on screen."""
        return replace(self, values={**self.values, **values}, fresh=self.fresh | values.keys())

    def told(self, action: Mapping[str, Any]) -> "Answers":
        """With what one field on screen says of itself; the same if it is no longer there.

        :param action: Slack's, of the block_actions
        """
        name = action["action_id"]
        if self.blocks.get(name) != action["block_id"]:
            return self
        return replace(self, values={**self.values, name: _value(action)})

    def block_id(self, name: str, metadata: "FormMetadata") -> str:
        """A field's block_id: as on screen, so that what was typed stays; another if it is fresh.

        Slack ignores a new initial value of a block that is on screen.
        """
        shown = self.blocks.get(name)
        return f"{name}#{metadata.redraws}" if shown and name in self.fresh else shown or name

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def several(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    @classmethod
    def of_view(cls, view: Mapping[str, Any]) -> "Answers":
        """Read a view as Slack sends it, with its `state` and its `blocks`."""
        values: dict[str, Value] = {}
        for block in view["state"]["values"].values():
            for action_id, answer in block.items():
                values[action_id] = _value(answer)
        return cls(values).shown_as(view)

    def shown_as(self, view: Mapping[str, Any]) -> "Answers":
        """The same answers, on a screen that shows this view."""
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        return Answers(
            self.values,
            blocks={block["element"]["action_id"]: block["block_id"] for block in inputs},
            offered={
                block["element"]["action_id"]: tuple(block["element"]["options"])
                for block in inputs
                if "options" in block["element"]
            },
        )


def _value(answer: Mapping[str, Any]) -> Value:
    match answer["type"]:
        case "radio_buttons" | "static_select" | "external_select":
            chosen = answer.get("selected_option")
            return str(chosen["value"]) if chosen else None
        case "checkboxes" | "multi_static_select":
            return tuple(str(one["value"]) for one in answer.get("selected_options") or ())
        case "datetimepicker":
            moment = answer.get("selected_date_time")
            return int(moment) if moment else None
        case _:
            text = answer.get("value")
            # Half a surrogate pair is JSON, but no text: neither SQLite nor HTTP could carry it.
            return text.encode("utf-8", "replace").decode() if isinstance(text, str) else None


FieldErrors = Mapping[str, str]
"""What is wrong, by field, in words that the person understands."""


class InvalidFormError(Exception):
    """An answer that cannot be sent as it is; nothing was stored."""

    def __init__(self, field_errors: FieldErrors) -> None:
        super().__init__(f"field_errors about {', '.join(field_errors)}")
        self.field_errors = field_errors


class Report(Protocol):
    """A validated submission, ready to be stored and sent."""

    def body(self) -> dict[str, Any]:
        """What is stored and sent: the API's own field names and no key without a value."""

    def targets(self) -> tuple[str, ...]:
        """What it is about, for finding earlier reports of the same."""


class Form(Protocol):
    """One kind of report's form: drawn, read and complained about in one file."""

    @property
    def callback_id(self) -> str:
        """Of its view."""

    @property
    def redraws_on(self) -> tuple[str, ...]:
        """The action_ids that redraw it."""

    @property
    def heard_in(self) -> tuple[str, ...]:
        """The fields that may tell what is typed in them, so that filling them keeps it."""

    def pressed(
        self, metadata: FormMetadata, answers: Answers, action: Mapping[str, Any]
    ) -> tuple[FormMetadata, Answers]:
        """What one of these changes in what the form carries and holds.

        :param action: Slack's, of the block_actions
        """

    def from_words(self, text: str) -> Mapping[str, Value]:
        """What the words after a command fill in."""

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        """What a message, used with the shortcut, fills in."""

    def draw(
        self,
        words: Words,
        metadata: FormMetadata,
        answers: Answers,
        *,
        now: float,
        known: Any = None,
        field_errors: FieldErrors | None = None,
    ) -> Block:
        """The whole view for these answers.

        :param now: UNIX seconds, for defaults such as "in 24 hours"
        :param known: what is shown that nobody typed; each form says what it takes
        :param field_errors: shown behind their fields, or on top where the form has no such field
        """

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        """What a stored body fills in, for editing it."""

    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        """What a receipt says of a stored body."""

    def read(self, words: Words, answers: Answers, *, now: float, known: Any = None) -> Report:
        """Validate what was submitted.

        :param known: as `draw` takes it

        :raises InvalidFormError: with every fault, each on its own field
        """
