"""The form of /anomaly with a draft, without Slack: drawn, read, and its errors."""

from typing import Any

import pytest

from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import Anomaly
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.form import InvalidFormError
from tests.blocks.forms import EN, NOW, drawn
from tests.blocks.test_anomaly import ANOMALY, VALID

FORM = AnomalyForm()
VALID_ANOMALY = Anomaly.model_validate(ANOMALY)
PASSED = VALID_ANOMALY.model_copy(update={"dueAt": "2025-01-01T10:00:00.000Z"})


def test_all_passed_dates_of_a_draft_are_one_error() -> None:
    draft = {n: PASSED.model_copy(update={"title": f"{n} {'t' * 200}"}) for n in range(1, 101)}
    with pytest.raises(InvalidFormError) as invalid:
        FORM.read(EN, Answers(VALID), now=NOW, context=AnomalyContext(draft=draft))
    errors = invalid.value.field_errors
    assert list(errors) == ["title", "draft.due"]
    assert errors["draft.due"].startswith("The dates of 100 findings")
    assert len(errors["draft.due"]) <= 200


def test_every_form_stays_within_slacks_blocks_whatever_its_draft_holds() -> None:
    numbers = [0, 1, 46, 50, 51, 100, 1000]
    views = [
        drawn(
            FORM,
            VALID | {"risk": "3"},
            context=AnomalyContext(draft=dict.fromkeys(range(1, number + 1), PASSED)),
            field_errors={f"draft.{n}": "x" * 300 for n in range(number)},
        )
        for number in numbers
    ]
    assert max(len(view["blocks"]) for view in views) <= 100


def test_an_edited_anomaly_keeps_its_place_and_a_new_one_comes_last() -> None:
    draft = {n: VALID_ANOMALY.model_copy(update={"title": str(n)}) for n in (2, 5, 9)}
    edited = AnomalyContext(draft=draft, anomaly_number=5)
    reports = [
        FORM.read(EN, Answers(VALID | {"title": "typed"}), now=NOW, context=context)
        for context in (edited, AnomalyContext(draft=draft))
    ]
    assert [[anomaly.title for anomaly in report.anomalies] for report in reports] == [
        ["2", "typed", "9"],
        ["2", "5", "9", "typed"],
    ]


def test_an_edited_anomaly_that_is_gone_is_an_error_once() -> None:
    context = AnomalyContext(draft={1: VALID_ANOMALY}, anomaly_number=7)
    with pytest.raises(InvalidFormError) as invalid:
        FORM.read(EN, Answers(VALID), now=NOW, context=context)
    view = drawn(FORM, VALID, context=context)
    state = AnomalyMetadata.model_validate_json(view["private_metadata"]).state
    assert list(invalid.value.field_errors) == ["draft"]
    assert state.anomaly_number is None


@pytest.mark.parametrize(
    ("old", "number"),
    [({}, None), ({"gathered": True}, 1), ({"gathered": True, "finding": 3}, 3)],
)
def test_a_form_that_an_earlier_release_drew_keeps_its_draft_and_number(
    old: dict[str, Any], number: int | None
) -> None:
    origin = {"team": "T1", "channel": "C1"}
    state = AnomalyMetadata.model_validate({"key": "k", "origin": origin, **old}).state
    assert state.has_draft is old.get("gathered", False)
    assert state.finding == number
