"""A field of the modal, ready to be drawn in one browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.page.pen import Attributes, name_of
from sandbox.slack.form import Field

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """One field of the modal, in the edition that this browser is to draw."""

    field: Field
    name: str
    id: str
    value: Any
    """What to draw it with: what this browser's person typed since stands in the browser."""
    held: Any
    """What it holds now."""
    found: Mapping[str, str]
    """What the last search of an external select found: labels by value."""

    @property
    def element(self) -> Json:
        return self.field.element

    @property
    def described(self) -> Attributes:
        """For who listens to the page: the field's label, its hint, its error."""
        if not self.field.in_input:
            return {"id": self.id}
        block = name_of(("", self.field.key[0]))
        return {
            "id": self.id,
            "aria-labelledby": f"label-{block}",
            "aria-describedby": f"hint-{block} error-{block}",
        }
