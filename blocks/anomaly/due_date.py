"""The due date in the form of `/anomaly`: typed, or filled in for a level of risk."""

from dataclasses import dataclass

from blocks.anomaly.risk import Risk
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers


@dataclass(frozen=True)
class Due:
    """How the due date is drawn."""

    moment: int | None
    block_id: str
    suggested: int | None


def due_date(risk: Risk, metadata: AnomalyMetadata, answers: Answers, now: float) -> Due:
    """A date that the person chose stays; one that the form filled in goes with its level."""
    there = answers.number("dueAt")
    shown_as = answers.blocks.get("dueAt")
    fresh = _whole_minute(now + risk.due_in_hours * 3600) if risk.due_in_hours else None
    if "dueAt" in answers.fresh:
        suggested = fresh if there is None else None
        return Due(there or fresh, answers.block_id("dueAt", metadata.redraws), suggested)
    if there is not None and there != metadata.state.suggested_due:
        return Due(there, shown_as or "dueAt", None)
    if there is not None and risk.due_in_hours:
        return Due(there, shown_as or "dueAt", there)
    if there is None and shown_as and risk.due_in_hours and metadata.state.suggested_due:
        # Cleared by the person, or not known here yet: either way it stays as it is.
        return Due(metadata.state.suggested_due, shown_as, metadata.state.suggested_due)
    # A block on screen ignores a new initial value, and one may have come that this choice did not
    # see yet: another block takes its place.
    changes = fresh != there and (shown_as is not None or metadata.redraws > 1)
    return Due(fresh, f"dueAt#{metadata.redraws}" if changes else shown_as or "dueAt", fresh)


def _whole_minute(moment: float) -> int:
    return int(moment // 60) * 60
