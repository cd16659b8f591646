"""The levels of risk: for each, its name, the fields that it asks for, and its due date.

The operator's config may change the table. KARE documents neither what 0, 1, 2 and 3 mean nor
which is worst. That 3 is the gravest is our assumption: `docs/settings.md` says so to operators.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers, Value
from blocks.block_kit import Block
from blocks.words import Words

Asked = Literal["hidden", "optional", "required"]
Language = Annotated[str, Field(pattern="^(en|fr)$")]
NOT_ALWAYS_ASKED = ("dueAt", "location.floor", "location.room")
"""The fields that some levels do not ask for."""
LEVELS = ("0", "1", "2", "3")
Label = Annotated[str, Field(min_length=1, max_length=60)]
"""Slack shows 75 characters; the number goes before it."""


class Risk(BaseModel):
    """One level. In TOML, `[risk.3]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: Asked = "hidden"
    """Whether a due date is asked for."""
    due_in_hours: float | None = Field(None, gt=0, le=87_600)
    """The form suggests a due date that many hours from now, ten years at most."""
    place: Asked = "hidden"
    """Whether floor and room are asked for; `required` means at least one of them."""
    alert: bool = False
    """Whether the form shows an alert at this level."""
    label: Label | Mapping[Language, Label] | None = None
    """Replaces the shipped label: one for all languages, or one for each."""


SHIPPED: Mapping[str, Risk] = {
    "0": Risk(),
    "1": Risk(due="optional", place="optional"),
    "2": Risk(due="required", place="optional"),
    "3": Risk(due="required", due_in_hours=24, place="required", alert=True),
}


@dataclass(frozen=True)
class WithRisks:
    """A part of the form that depends on the levels of risk.

    :param risks: what each level asks for, by `"0"` to `"3"`
    """

    risks: Mapping[str, Risk] = field(default_factory=lambda: SHIPPED)

    def risk_of(self, answers: Answers) -> Risk:
        """The chosen level; the level 0 until one is chosen."""
        return self.risks.get(answers.text("risk"), self.risks["0"])

    def label_of(self, words: Words, level: str) -> str:
        """The number and the name of a level. KARE does not document the meaning of the number, so
        the number is always shown.
        """
        return f"{level} · {self.name_of(words, level)}"

    def name_of(self, words: Words, level: str) -> str:
        """The name of a level: the operator's, or else the shipped one."""
        label = self.risks[level].label
        if isinstance(label, Mapping):
            label = label.get(words.language)
        return label or words(f"anomaly.risk.{level}")


DUE_LIMIT = 9_999_999_999
"""UNIX seconds, in the year 2286. Slack's date picker takes 10 digits."""


@dataclass(frozen=True)
class DueDate:
    """How the field of the due date is drawn. Times are UNIX seconds."""

    moment: int | None
    block_id: str
    suggested: int | None


def due_date(risk: Risk, metadata: AnomalyMetadata, answers: Answers, now: float) -> DueDate:
    """A date that the person chose stays. A date that the form suggested changes with the level.

    :param now: UNIX seconds
    """
    current = answers.number("dueAt")
    if current is not None and not 0 < current <= DUE_LIMIT:
        current = None  # Slack would refuse the whole view
    shown_as = answers.blocks.get("dueAt")
    suggestion = _whole_hour(now + risk.due_in_hours * 3600) if risk.due_in_hours else None
    if "dueAt" in answers.fresh:
        suggested = suggestion if current is None else None
        return DueDate(
            current or suggestion, answers.block_id("dueAt", metadata.redraws), suggested
        )
    if current is not None and current != metadata.state.suggested_due:
        return DueDate(current, shown_as or "dueAt", None)
    if current is not None and risk.due_in_hours:
        return DueDate(current, shown_as or "dueAt", current)
    if current is None and shown_as and risk.due_in_hours and metadata.state.suggested_due:
        # The person cleared the date, or Slack did not send it yet. Either way it stays as it is.
        return DueDate(metadata.state.suggested_due, shown_as, metadata.state.suggested_due)
    # Slack ignores a new initial value for a block that is on screen, and this view may already
    # have been drawn again without our knowledge: a block with another id takes its place.
    changes = suggestion != current and (shown_as is not None or metadata.redraws > 1)
    block_id = f"dueAt#{metadata.redraws}" if changes else shown_as or "dueAt"
    return DueDate(suggestion, block_id, suggestion)


def set_aside(
    metadata: AnomalyMetadata, answers: Answers, blocks: Sequence[Block]
) -> Mapping[str, Value]:
    """What was filled in that the chosen level does not ask for, without a date that the form had
    suggested.
    """
    values = answers.undrawn(NOT_ALWAYS_ASKED, blocks)
    suggested = metadata.state.suggested_due
    return {name: value for name, value in values.items() if (name, value) != ("dueAt", suggested)}


def _whole_hour(moment: float) -> int:
    """The next whole hour. A suggested date is never sooner than the operator asked for."""
    return math.ceil(moment / 3600) * 3600
