"""The state of a form on a person's screen, in the shapes of Slack's `view.state.values`.

Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.slack.blockkit import elements_of
from sandbox.slack.workspace import random_word

Json = dict[str, Any]

# type of an element: (key in the state, key of its initial value, value of an empty element)
STATE_KEYS: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "", []),
}
TEXT_INPUTS = frozenset(kind for kind, keys in STATE_KEYS.items() if keys[0] == "value")

Key = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """An element that a person can use, and the block that holds it."""

    block: Json
    element: Json

    @property
    def key(self) -> Key:
        return self.block["block_id"], self.element["action_id"]

    @property
    def type(self) -> str:
        return str(self.element["type"])

    @property
    def in_input(self) -> bool:
        return bool(self.block["type"] == "input")

    @property
    def optional(self) -> bool:
        return not self.in_input or bool(self.block.get("optional"))

    @property
    def dispatches(self) -> bool:
        """Whether its use sends block_actions. In an input block, only with dispatch_action."""
        return not self.in_input or bool(self.block.get("dispatch_action"))

    @property
    def label(self) -> str:
        return str(self.block["label"]["text"]) if self.in_input else ""

    @property
    def state_key(self) -> str:
        return STATE_KEYS[self.type][0]

    def initial(self) -> Json:
        _, initial, empty = STATE_KEYS[self.type]
        value = self.element.get(initial)
        return self.holding(copy.deepcopy(empty) if value in (None, "") else value)

    def holding(self, value: Any) -> Json:
        return {"type": self.type, self.state_key: value}


def fields_of(blocks: list[Json]) -> Iterator[Field]:
    """The elements with an action_id, in the order of the screen."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] != "image":
                yield Field(block, element)


def completed(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack returns them, with the ids and defaults that were left out."""
    complete = copy.deepcopy(blocks)
    for block in complete:
        block.setdefault("block_id", random_word(5))
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for element in elements_of(block):
            if element["type"] != "image":
                element.setdefault("action_id", random_word(5))
        _default_text_flags(block)
    return complete


def _default_text_flags(value: Any) -> None:
    if isinstance(value, list):
        for inner in value:
            _default_text_flags(inner)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for inner in value.values():
            _default_text_flags(inner)


class Form:
    """The values that a person typed and chose in one view."""

    def __init__(self, blocks: list[Json]) -> None:
        self.values: dict[Key, Json] = {}
        self.redraw(blocks)

    def redraw(self, blocks: list[Json]) -> None:
        """Keep values whose block_id, action_id and type stay, whatever their new initial value."""
        self.fields = list(fields_of(blocks))
        old = self.values
        self.values = {}
        for field in self.fields:
            if field.type not in STATE_KEYS:
                continue  # a button or an overflow menu keeps nothing
            value = old.get(field.key)
            kept = value is not None and value["type"] == field.type
            self.values[field.key] = value if value is not None and kept else field.initial()
        self.as_drawn = self.state()

    def state(self) -> Json:
        values: dict[str, Json] = {}
        for (block_id, action_id), value in self.values.items():
            values.setdefault(block_id, {})[action_id] = copy.deepcopy(value)
        return {"values": values}

    def value(self, field: Field) -> Any:
        return self.values[field.key][field.state_key]
