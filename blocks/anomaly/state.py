"""The state of the form of `/anomaly`, which private_metadata keeps between two drawings."""

from dataclasses import replace
from typing import Any

from pydantic import model_validator

from blocks.answers import Answers
from blocks.form_state import FormMetadata, FormState

CHANGE_HEAD = "change_head"
"""action_id of the button that shows the fields of report and site again."""


class AnomalyState(FormState):
    suggested_due: int | None = None
    """The due date that the form filled in by itself, UNIX seconds."""
    report: str = ""
    """The chosen report."""
    site: str = ""
    """The chosen site. A search for installations carries the form's state, which may be older."""
    chose_site: bool = False
    """Whether the person chose the site, so that another report does not change it."""
    head_hidden: bool = False
    """Whether report and site were drawn as a line of text, and not as fields."""
    head_open: bool = False
    """Whether the person asked for the fields of report and site."""
    list_hidden: bool = False
    """Whether the list of the draft's anomalies is folded, so that the fields fit a telephone."""
    searched: tuple[str, ...] = ()
    """Fields that were drawn as searchable lists, and stay so."""
    has_draft: bool = False
    """Whether there was a draft when the form was drawn."""
    anomaly_number: int | None = None
    """The number of the draft's anomaly that the fields edit; None for a new anomaly."""
    is_copy: bool = False
    """Whether the fields began as a copy of an anomaly of the draft."""
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


def with_head(metadata: AnomalyMetadata, answers: Answers) -> Answers:
    """The answers with report and site where the form shows these as a line of text.

    Slack sends no values for fields that are not on screen.
    """
    if not metadata.state.head_hidden or not answers.blocks:
        return answers
    head = {"reportId": metadata.state.report, "siteId": metadata.state.site}
    missing = {name: text for name, text in head.items() if answers.values.get(name) is None}
    return replace(answers, values={**answers.values, **missing}) if missing else answers
