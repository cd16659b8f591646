"""Forms as they stand on a person's screen, without Slack: drawn, answered, drawn again."""

from collections.abc import Mapping
from typing import Any

from blocks.anomaly.state import AnomalyMetadata, AnomalyState
from blocks.answers import Answers, Value
from blocks.form import Form
from blocks.form_state import Origin
from blocks.issue.state import IssueMetadata, IssueState
from blocks.words import words
from sandbox.slack.blockkit import check_view
from sandbox.slack.form import Form as Screen

NOW = 1_764_583_210.0
"""2025-12-01 10:00:10 UTC."""
DAY = 86_400
AnyForm = Form[Any, Any]
EN, FR = words("en"), words("fr")
PLACE = Origin(team="T1", channel="C1")
META = IssueMetadata(key="k", origin=PLACE, state=IssueState())
ANOMALY_META = AnomalyMetadata(key="k", origin=PLACE, state=AnomalyState())


def answers(**values: Value) -> Answers:
    """As a view gives them, every field on screen; `__` in a name stands for a dot."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    return Answers(named, {name: name for name in named})


def drawn(form: AnyForm, values: Mapping[str, Value] | None = None, **more: Any) -> dict[str, Any]:
    """The view, once Slack would take it."""
    fresh = form.metadata_type.model_validate({"key": "k", "origin": PLACE})
    metadata = more.pop("metadata", fresh)
    given = more.pop("answers", None) or Answers(values or {})
    view = form.draw(more.pop("words", EN), metadata, given, **{"now": NOW, **more})
    check_view(view)
    return view


def answered(view: Mapping[str, Any]) -> Answers:
    """What the view holds as it was drawn."""
    return Answers.of_view(Screen(list(view["blocks"])).state()["values"], view["blocks"])


def fields(view: Mapping[str, Any]) -> list[str]:
    """The fields of a view in order; a `?` behind those that may be left blank."""
    return [
        block["element"]["action_id"] + "?" * block["optional"]
        for block in view["blocks"]
        if block["type"] == "input"
    ]


def block_of(view: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The input block of a field."""
    found: dict[str, Any] = next(
        block for block in view["blocks"] if block.get("element", {}).get("action_id") == name
    )
    return found
