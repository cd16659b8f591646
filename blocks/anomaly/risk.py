"""What each level of risk asks for: one table, set by the operator's config.

KARE documents neither what 0, 1, 2 and 3 mean nor which is worst. That 3 is the gravest is our
assumption, and the labels say so.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Asked = Literal["hidden", "optional", "required"]
Language = Annotated[str, Field(pattern="^(en|fr)$")]
LEVELS = ("0", "1", "2", "3")
Label = Annotated[str, Field(min_length=1, max_length=60)]
"""Slack shows 75 characters; the number goes before it."""


class Risk(BaseModel):
    """One level. In TOML, `[risk.3]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: Asked = "hidden"
    """Whether a due date is asked for."""
    due_in_hours: float | None = Field(None, gt=0, le=87_600)
    """Fills in the due date that many hours from now, ten years at most."""
    place: Asked = "hidden"
    """Whether floor and room are asked for; `required` means at least one of them."""
    alert: bool = False
    """Whether the form shows an alert at this level."""
    label: Label | Mapping[Language, Label] | None = None
    """Another label than the shipped one, or one for each language."""


SHIPPED: Mapping[str, Risk] = {
    "0": Risk(),
    "1": Risk(due="optional", place="optional"),
    "2": Risk(due="required", place="optional"),
    "3": Risk(due="required", due_in_hours=24, place="required", alert=True),
}
