"""What a level of risk asks for is one table, and an operator's config may change it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.risk import Risk
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.form import InvalidFormError
from bot.config import read_config
from tests.blocks.forms import ANOMALY_META, DAY, EN, FR, NOW, answered, block_of, drawn, fields
from tests.blocks.test_anomaly import ALWAYS, VALID

HOUR = int(NOW) // 3600 * 3600 + 3600
"""The next whole hour."""
SUGGESTED = HOUR + DAY


def config(folder: Path, toml: str) -> AnomalyForm:
    path = folder / "constat.toml"
    path.write_text(toml, "utf-8")
    return AnomalyForm(read_config(path).risk)


def test_a_level_may_ask_for_other_things_and_the_rest_stays_as_shipped(tmp_path: Path) -> None:
    form = config(tmp_path, '[risk.0]\ndue = "required"\n[risk.3]\nplace = "optional"\n')
    shown = [fields(drawn(form, {"risk": risk}))[len(ALWAYS) :] for risk in ("0", "1", "3")]
    place = ["location.floor?", "location.room?"]
    assert shown == [["dueAt"], ["dueAt?", *place], ["dueAt", *place]]


def test_until_a_risk_is_chosen_the_form_asks_what_0_asks(tmp_path: Path) -> None:
    form = config(tmp_path, '[risk.0]\nplace = "required"\n')
    shown = [fields(drawn(form, {"risk": risk})) for risk in ("", "0")]
    assert shown[0] == shown[1] == [*ALWAYS, "location.floor?", "location.room?"]


def test_a_label_may_be_one_for_all_or_one_for_each_language(tmp_path: Path) -> None:
    form = config(
        tmp_path,
        '[risk.0]\nlabel = "P4"\n[risk.1.label]\nen = "minor"\nfr = "mineur"\n'
        '[risk.2.label]\nfr = "majeur"\n',
    )
    labels = [
        [option["text"]["text"] for option in block_of(view, "risk")["element"]["options"]][:3]
        for view in (drawn(form, words=EN), drawn(form, words=FR))
    ]
    assert labels == [
        ["0 · P4", "1 · minor", "2 · serious"],
        ["0 · P4", "1 · mineur", "2 · majeur"],
    ]


@pytest.mark.parametrize(
    "level",
    [
        {"label": "L" * 61},
        {"label": ""},
        {"label": {"en": "L" * 61}},
        {"label": {"de": "schwer"}},
        {"due": "sometimes"},
        {"due_in_hours": 0},
        {"due_in_hours": float("inf")},
        {"due_in_hours": 1_000_000},
        {"colour": "red"},
    ],
)
def test_a_level_that_slack_could_not_show_is_refused(level: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Risk.model_validate(level)


def test_a_policy_with_another_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="there is no level 4; the levels are 0, 1, 2 and 3"):
        config(tmp_path, "[risk.4]\nalert = true\n")


def test_the_shipped_policy_can_be_written_as_toml() -> None:
    text = '[risk.3]\ndue = "required"\ndue_in_hours = 24\nplace = "required"\nalert = true\n'
    assert Risk.model_validate(tomllib.loads(text)["risk"]["3"]) == AnomalyForm().risks["3"]


def test_an_alert_says_nothing_that_another_order_of_levels_would_make_wrong(
    tmp_path: Path,
) -> None:
    form = config(tmp_path, "[risk.0]\nalert = true\n[risk.3]\nalert = false\n")
    texts = [
        block["text"]["text"]
        for words in (EN, FR)
        for block in drawn(form, {"risk": "0"}, words=words)["blocks"]
        if block["type"] == "alert"
    ]
    assert (len(texts), [text for text in texts if "3" in text]) == (2, [])


def redrawn(view: dict[str, Any], risk: str, *, picked: int | None = None) -> dict[str, Any]:
    """The view after another risk was chosen, and before it a date, if one is given."""
    answers = answered(view)
    values = {**answers.values, "risk": risk} | ({"dueAt": picked} if picked else {})
    metadata = AnomalyMetadata.model_validate_json(view["private_metadata"]).redrawn()
    return drawn(AnomalyForm(), metadata=metadata, answers=Answers(values, answers.blocks))


def due(view: dict[str, Any]) -> tuple[str, int | None]:
    block = block_of(view, "dueAt")
    return block["block_id"], block["element"].get("initial_date_time")


def test_a_risk_with_a_default_fills_the_date_in() -> None:
    assert due(drawn(AnomalyForm(), {"risk": "3"})) == ("dueAt", SUGGESTED)


def test_a_suggestion_takes_the_place_of_an_empty_date_in_another_block() -> None:
    assert due(redrawn(drawn(AnomalyForm(), {"risk": "1"}), "3")) == ("dueAt#2", SUGGESTED)


def test_a_suggestion_goes_with_its_risk() -> None:
    assert due(redrawn(drawn(AnomalyForm(), {"risk": "3"}), "2")) == ("dueAt#2", None)


@pytest.mark.parametrize("then", ["1", "2", "3"])
def test_a_date_that_was_chosen_stays_in_its_block(then: str) -> None:
    picked = int(NOW) + 60
    assert due(redrawn(drawn(AnomalyForm(), {"risk": "1"}), then, picked=picked)) == (
        "dueAt",
        picked,
    )


def test_a_suggestion_that_was_changed_is_a_date_that_was_chosen() -> None:
    picked = int(NOW) + 60
    view = redrawn(drawn(AnomalyForm(), {"risk": "3"}), "2", picked=picked)
    assert due(redrawn(view, "1")) == ("dueAt", picked)


def test_a_date_is_asked_for_again_once_its_risk_came_back() -> None:
    hidden = redrawn(drawn(AnomalyForm(), {"risk": "3"}), "0")
    assert due(redrawn(hidden, "3")) == ("dueAt#3", SUGGESTED)


def test_a_form_submitted_long_after_its_suggestion_asks_for_another_date() -> None:
    answers = answered(drawn(AnomalyForm(), {**VALID, "risk": "3", "location.room": "204"}))
    with pytest.raises(InvalidFormError) as invalid:
        AnomalyForm().read(EN, answers, now=NOW + 2 * DAY)
    assert invalid.value.field_errors == {"dueAt": "This date is in the past. Choose a later one."}


def test_the_first_drawing_carries_what_it_suggested() -> None:
    view = drawn(AnomalyForm(), {"risk": "3"}, metadata=ANOMALY_META)
    assert (
        AnomalyMetadata.model_validate_json(view["private_metadata"]).state.suggested_due
        == SUGGESTED
    )
