"""What is kept in memory of one form on a screen."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import FieldErrors
from blocks.form_state import FormMetadata, State
from blocks.words import Words
from bot.form_data import Context, FormKind

__all__ = ["FieldErrors", "OpenView", "View", "seen"]

View = Mapping[str, Any]


def seen(blocks: Iterable[Block]) -> list[Block]:
    """Blocks without the initial texts of fields, which Slack ignores on screen."""
    return [_without_text(block) for block in blocks]


def _without_text(block: Block) -> Block:
    element = block.get("element", {})
    if element.get("type") != "plain_text_input":
        return block
    remaining = {name: value for name, value in element.items() if name != "initial_value"}
    return {**block, "element": remaining}


class Change(Protocol[State]):
    """The change that an action makes in a form."""

    def __call__(
        self, metadata: FormMetadata[State], answers: Answers, /
    ) -> tuple[FormMetadata[State], Answers]: ...


@dataclass
class OpenView(Generic[Context, State]):
    kind: FormKind[Context, State]
    user: str
    metadata: FormMetadata[State]
    answers: Answers
    words: Words | None = None
    """Those it was drawn in last; None for a form that an earlier run drew."""
    newest: float = 0.0
    """The action_ts of the newest choice."""
    field_errors: FieldErrors | None = None
    """The errors shown when it was drawn, until the next choice."""
    pressed: float = 0.0
    """The action_ts of the newest press that changes stored values before the form is drawn."""
    typed: float = 0.0
    """The action_ts of the newest text that a field sent while it was typed."""
    hash: str | None = None
    """Of the view as we drew it last."""
    blocks: Any = None
    """Of that view too."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    """Set unless a submission of it is being answered."""

    def __post_init__(self) -> None:
        self.quiet.set()

    def shows(self, view: View, at: float) -> None:
        """This view is on screen now. Drawing it may have changed its metadata and block_ids.

        :param at: the choice it was drawn for. Changes of a newer choice stay
        """
        fresh, self.blocks = self.answers.fresh, view["blocks"]
        self.answers = self.answers.on_screen(view["blocks"])
        if at < self.newest:
            self.answers = replace(self.answers, fresh=fresh)
        else:
            metadata_type = self.kind.form.metadata_type
            self.metadata = metadata_type.model_validate_json(view["private_metadata"])

    def relabel(self, words: Words) -> None:
        """Draw the chosen options of its lists anew if the form changes its language: Slack keeps
        the label of an option that is chosen already.
        """
        changes = self.words is not None and self.words is not words
        names = self.kind.form.searched_in if changes else ()
        chosen = {name: value for name in names if (value := self.answers.values.get(name))}
        self.answers = self.answers.changed(chosen) if chosen else self.answers
        self.words = words


def prefilled(
    kind: FormKind[Context, State], user: str, metadata: FormMetadata[State], answers: Answers
) -> Answers:
    """The answers to draw, while what memory does not hold is fetched in the background."""
    kind.form_data.begin(user, metadata, answers)
    return kind.form_data.prefill(user, metadata, answers)
