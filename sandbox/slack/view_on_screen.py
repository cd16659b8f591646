"""A modal as one person sees it at one moment."""

from dataclasses import dataclass
from typing import Any

from sandbox.slack.errors import NotOnScreenError
from sandbox.slack.form import STATE_KEYS, Field
from sandbox.slack.input_rules import offered_options
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_view
from sandbox.slack.views import OpenView

Json = dict[str, Any]


@dataclass(frozen=True)
class ViewOnScreen:
    """`errors` are by block_id. `state` is the state that a submission would carry.

    Fields are named by action_id. If two blocks share an action_id, the first block counts.
    """

    id: str
    hash: str
    callback_id: str
    title: str
    private_metadata: str
    blocks: tuple[Json, ...]
    state: Json
    errors: dict[str, str]
    submit: str | None
    _fields: tuple[Field, ...]
    _rendered: str

    @property
    def fields(self) -> list[str]:
        """The action_ids of the fields that hold an answer, in the order of the screen."""
        return [field.key[1] for field in self._fields if field.type in STATE_KEYS]

    @property
    def labels(self) -> dict[str, str]:
        return {field.key[1]: field.label for field in self._fields if field.in_input}

    @property
    def buttons(self) -> dict[str, str]:
        """The label of each button, by action_id."""
        buttons = (field for field in self._fields if field.type == "button")
        return {field.key[1]: field.element["text"]["text"] for field in buttons}

    def value(self, action_id: str) -> Any:
        """A text, a chosen option's value, a list of them, a date, or None."""
        field = self._field(action_id)
        value = self.state["values"][field.key[0]][action_id][field.state_key]
        if isinstance(value, list):
            return [item["value"] if isinstance(item, dict) else item for item in value]
        if isinstance(value, dict) and "value" in value:
            return value["value"]
        return value

    def options(self, action_id: str) -> dict[str, str]:
        """The label of each option by value, in order."""
        options = offered_options(self._field(action_id))
        return {option["value"]: option["text"]["text"] for option in options}

    def text(self) -> str:
        return self._rendered

    def _field(self, action_id: str) -> Field:
        for field in self._fields:
            if field.key[1] == action_id:
                return field
        names = [field.key[1] for field in self._fields]
        raise NotOnScreenError(f"no {action_id} on screen: {names}")


def on_screen(view: OpenView, reader: Reader) -> ViewOnScreen:
    body = view.body
    return ViewOnScreen(
        id=view.id,
        hash=view.hash,
        callback_id=body.get("callback_id") or "",
        title=body["title"]["text"],
        private_metadata=body.get("private_metadata") or "",
        blocks=tuple(body["blocks"]),
        state=view.form.state(),
        errors=dict(view.errors),
        submit=body["submit"]["text"] if body.get("submit") else None,
        _fields=tuple(view.form.fields),
        _rendered=render_view(view, reader),
    )
