"""What is kept in memory of the forms on people's screens."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import FieldErrors
from blocks.form_state import FormMetadata, State
from blocks.words import Words
from bot.form_data import Context, FormKind
from storage.news import News

__all__ = ["FieldErrors", "News", "OpenView", "OpenViews", "View", "seen"]

REMEMBERED = 1000
"""Views kept in memory. An older form is drawn from what Slack sends with its next choice."""
ACTED = "form acted on"
"""The topic of the message."""

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

    @property
    def acted_at(self) -> float:
        """The action_ts of the newest action of any kind."""
        return max(self.newest, self.pressed, self.typed)

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


class OpenViews:
    """The forms by the id of their view.

    A form's next action may reach another process. That process draws the form from what Slack
    sends, and a message ends the form here: what was learned for it would be drawn over the newer
    choice.
    """

    def __init__(self, news: News) -> None:
        # Each view has the types of its own kind.
        self._views: OrderedDict[str, OpenView[Any, Any]] = OrderedDict()
        self._news = news
        news.listen(ACTED, self._acted_elsewhere)

    def get(self, view_id: str) -> OpenView[Any, Any] | None:
        return self._views.get(view_id)

    def all(self) -> Iterable[OpenView[Any, Any]]:
        return self._views.values()

    def keep(self, view_id: str, open_view: OpenView[Any, Any]) -> None:
        """Remember a form as an action left it."""
        self._views[view_id] = open_view
        self._views.move_to_end(view_id)
        if len(self._views) > REMEMBERED:
            self._views.popitem(last=False)
        if (at := open_view.acted_at) > 0:
            self._news.notify(ACTED, view_id=view_id, at=at)

    def end(self, view_id: str) -> None:
        """Forget a form. What waits to be drawn in it ends."""
        if open_view := self._views.pop(view_id, None):
            open_view.newest = math.inf
            open_view.quiet.set()

    def _acted_elsewhere(self, *, view_id: str, at: float) -> None:
        open_view = self._views.get(view_id)
        if open_view is not None and at > open_view.acted_at:
            self.end(view_id)


def prefilled(
    kind: FormKind[Context, State], user: str, metadata: FormMetadata[State], answers: Answers
) -> Answers:
    """The answers to draw, while what memory does not hold is fetched in the background."""
    kind.form_data.begin(user, metadata, answers)
    return kind.form_data.prefill(user, metadata, answers)
