"""What the form of `/anomaly` remembers between two drawings."""

from blocks.form_state import FormMetadata, FormState


class AnomalyState(FormState):
    suggested_due: int | None = None
    """The due date that the form filled in by itself, UNIX seconds."""
    site: str = ""
    """The chosen site. A search for installations carries the form's state, which may be older."""
    searched: tuple[str, ...] = ()
    """Fields that were drawn as searchable lists, and stay so."""
    finding: int = 1
    """The number of the anomaly in the fields. The draft may hold it already."""
    gathered: bool = False
    """Whether there was a draft when the form was drawn."""


AnomalyMetadata = FormMetadata[AnomalyState]
