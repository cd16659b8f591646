"""The answers of a form: the values of a view's state, by field."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from blocks.attachment import uploaded
from blocks.block_kit import Block

Value = str | tuple[str, ...] | int | None
"""An answer: a text or an option's value, several options' values or files, UNIX seconds, or
nothing.
"""

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Answers:
    """The answers of a form by field, whatever the numbers of its blocks."""

    values: Mapping[str, Value] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)
    """The block_id of each input block on screen, by field."""
    fresh: frozenset[str] = frozenset()
    """Fields whose value must replace the one on screen."""
    offered: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    """The options on screen, by field."""
    _parsed: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def changed(self, values: Mapping[str, Value]) -> "Answers":
        """The same answers with these values, which replace those on screen."""
        return replace(self, values={**self.values, **values}, fresh=self.fresh | values.keys())

    def with_action(self, action: Mapping[str, Any]) -> "Answers":
        """The same answers with the value that an action carries.

        The state that Slack sends beside an action can be older than the action. Nothing changes
        when the action's block is no longer on screen.

        :param action: one of the actions of Slack's block_actions
        """
        name = str(action["action_id"])
        if self.blocks.get(name) != action.get("block_id"):
            return self
        return replace(self, values={**self.values, name: value_of(action)})

    def with_set_aside(self, values: Mapping[str, Value]) -> "Answers":
        """The same answers with those of fields that a choice took off the screen."""
        missing = {name: value for name, value in values.items() if name not in self.blocks}
        return self.changed(missing) if missing else self

    def undrawn(self, names: Collection[str], blocks: Sequence[Block]) -> Mapping[str, Value]:
        """Those of the named answers whose fields are not among the blocks."""
        drawn = {block["element"]["action_id"] for block in blocks if block["type"] == "input"}
        return {
            name: value for name in names if name not in drawn and (value := self.values.get(name))
        }

    def block_id(self, name: str, redraws: int) -> str:
        """A field's block_id: the one on screen, or a new one when its value is fresh.

        Slack ignores a new initial value of a block that is on screen already, and may remember the
        value of one that was.

        :param redraws: how often the form was drawn
        """
        current = self.blocks.get(name)
        replaces = name in self.fresh and (current or redraws > 1)
        return f"{name}#{redraws}" if replaces else current or name

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def parsed(self, name: str, parse: Callable[[str], Parsed]) -> Parsed:
        """The value of a text field that is more than text. It is parsed once and kept with these
        answers.

        :param parse: the same function for all uses of a field
        """
        if name not in self._parsed:
            self._parsed[name] = parse(self.text(name))
        parsed: Parsed = self._parsed[name]
        return parsed

    def several(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    @classmethod
    def of_view(
        cls, state_values: Mapping[str, Mapping[str, Any]], blocks: Sequence[Block]
    ) -> "Answers":
        """Read a view as Slack sends it.

        :param state_values: the view's `state.values`: elements by block_id and action_id

        :raises KeyError, TypeError, AttributeError, ValueError: when it is not Slack's shape
        """
        values: dict[str, Value] = {}
        for block in state_values.values():
            for action_id, answer in block.items():
                values[action_id] = value_of(answer)
        return cls(values).on_screen(blocks)

    def on_screen(self, blocks: Sequence[Block]) -> "Answers":
        """The same answers when these blocks are on screen: nothing is fresh any more.

        :raises KeyError, TypeError, AttributeError: when they have not Slack's shape
        """
        inputs = [block for block in blocks if block["type"] == "input"]
        names = {block["element"]["action_id"]: block["block_id"] for block in inputs}
        if not all(isinstance(name, str) for name in (*names, *names.values())):
            raise TypeError("an action_id or a block_id is no text")
        answers = Answers(
            self.values,
            blocks=names,
            offered={
                block["element"]["action_id"]: tuple(block["element"]["options"])
                for block in inputs
                if "options" in block["element"]
            },
        )
        answers._parsed.update(self._parsed)
        return answers


def value_of(answer: Mapping[str, Any]) -> Value:
    """The value of an element, as `view.state` and as block_actions give it."""
    match answer["type"]:
        case "radio_buttons" | "static_select" | "external_select":
            option = answer.get("selected_option")
            return _text(option["value"]) if option else None
        case "checkboxes" | "multi_static_select":
            return tuple(_text(option["value"]) for option in answer.get("selected_options") or ())
        case "datetimepicker":
            moment = answer.get("selected_date_time")
            return int(moment) if moment else None
        case "file_input":
            return uploaded(answer.get("files"))
        case _:
            text = answer.get("value")
            return _text(text) if isinstance(text, str) else None


def _text(value: Any) -> str:
    # Half a surrogate pair is valid JSON. Neither SQLite nor HTTP can carry it.
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
