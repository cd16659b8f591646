"""A field of the modal, ready to be drawn in one tab."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.page.render_context import Attributes, name_of
from sandbox.slack.form import Field
from sandbox.slack.views import OpenView

Json = dict[str, Any]


@dataclass(frozen=True)
class Search:
    """A search of an external select: the query, and the labels of the options by value."""

    query: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class FieldView:
    """A field in the edition that its tab is to draw. `id` is unique in the page."""

    field: Field
    name: str
    id: str
    drawn_value: Any
    """The value to draw. Text that was typed in this tab since then is in the browser."""
    value: Any
    """The value that the field holds now."""
    search: Search | None = None
    """The last search of an external select. None before the first."""

    @property
    def element(self) -> Json:
        return self.field.element

    @property
    def block_name(self) -> str:
        """The name of its block in HTML."""
        return name_of(("", self.field.key[0]))

    @property
    def described(self) -> Attributes:
        """The id, and the ids of label, hint and error, for screen readers."""
        if not self.field.in_input:
            return {"id": self.id}
        block = self.block_name
        return {
            "id": self.id,
            "aria-labelledby": f"label-{block}",
            "aria-describedby": f"hint-{block} error-{block}",
        }


def drawn_name(view: OpenView, field: Field) -> str:
    """The name under which a tab remembers how the field was drawn."""
    return f"{view.id}.{name_of(field.key)}.{field.type}"
