"""What the form of `/anomaly` remembers between two drawings."""

from typing import Any

from pydantic import model_validator

from blocks.form_state import FormMetadata, FormState


class AnomalyState(FormState):
    suggested_due: int | None = None
    """The due date that the form filled in by itself, UNIX seconds."""
    site: str = ""
    """The chosen site. A search for installations carries the form's state, which may be older."""
    searched: tuple[str, ...] = ()
    """Fields that were drawn as searchable lists, and stay so."""
    has_draft: bool = False
    """Whether there was a draft when the form was drawn."""
    anomaly_number: int | None = None
    """The number of the draft's anomaly that the fields edit; None for a new anomaly."""
    fields_version: int = 0
    """Changes whenever the fields are emptied, or filled with another anomaly. A button that is
    pressed twice on the same fields adds their anomaly once.
    """
    finding: int | None = None
    """Only in forms that an earlier release drew: the number in the draft, or the next one."""

    @model_validator(mode="before")
    @classmethod
    def _of_an_earlier_release(cls, data: Any) -> Any:
        """Read a form that was drawn before `has_draft` replaced `gathered`."""
        if isinstance(data, dict) and data.get("gathered"):
            return {"finding": 1, **data, "has_draft": True}
        return data


AnomalyMetadata = FormMetadata[AnomalyState]
