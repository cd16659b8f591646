"""The limits of a modal: the largest values that Slack takes, and the first that it refuses."""

from typing import Any

import pytest

from sandbox.slack.blockkit import check_view
from sandbox.slack.errors import SlackError
from tests.sandbox_slack.factories import (
    actions,
    button,
    context,
    field,
    modal,
    mrkdwn,
    number,
    option,
    options,
    plain,
    radio,
    rich_text,
    section,
    select,
    text_field,
    when,
)

Json = dict[str, Any]
B0 = "/view/blocks/0"


def alert(**more: Any) -> Json:
    return {"type": "alert", "text": plain("Mind"), **more}


TAKEN = {
    "a title of 24": modal(title=plain("a" * 24)),
    "100 blocks": modal(*[section() for _ in range(100)]),
    "3000 of private_metadata": modal(private_metadata="a" * 3000),
    "a callback_id of 255": modal(callback_id="a" * 255),
    "a max_length of 3000": modal(text_field(max_length=3000)),
    "100 options": modal(select(options=options(100))),
    "10 radio buttons": modal(radio(options=options(10))),
    "an option text of 75": modal(select(options=[option("v", "a" * 75)])),
    "an option value of 150": modal(select(options=[option("a" * 150, "A")])),
    "an initial option that is offered": modal(
        select(options=options(2), initial_option=option("v1"))
    ),
    "a section of 3000": modal(section("a" * 3000)),
    "10 fields of 2000": modal({"type": "section", "fields": [mrkdwn("a" * 2000)] * 10}),
    "10 in a context": modal(context(10)),
    "25 actions": modal(actions(*[button(f"b{number}") for number in range(25)])),
    "a header of 150": modal({"type": "header", "text": plain("a" * 150)}),
    "an alert of 200": modal(alert(text=plain("a" * 200), level="warning")),
    "a date of 10 digits": modal(when(1_800_000_000)),
    "numbers as strings": modal(number(min_value="0", max_value="9", initial_value="3")),
    "no submit without inputs": {"type": "modal", "title": plain("x"), "blocks": [section()]},
    "a min_query_length of 0": modal(
        field("x", {"type": "external_select", "min_query_length": 0})
    ),
}

REFUSED = {
    "a title of 25": (
        modal(title=plain("a" * 25)),
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    "a submit of 25": (
        modal(submit=plain("a" * 25)),
        "must be less than 25 characters [json-pointer:/view/submit/text]",
    ),
    "a close of 25": (
        modal(close=plain("a" * 25)),
        "must be less than 25 characters [json-pointer:/view/close/text]",
    ),
    "a mrkdwn title": (
        modal(title=mrkdwn("x")),
        "must be a valid enum value [json-pointer:/view/title/type]",
    ),
    "an input without submit": (
        {"type": "modal", "title": plain("x"), "blocks": [text_field()]},
        f"must define `submit` to use an `input` block in modals [json-pointer:{B0}/input]",
    ),
    "101 blocks": (
        modal(*[section() for _ in range(101)]),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    "3001 of private_metadata": (
        modal(private_metadata="a" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "a callback_id of 256": (
        modal(callback_id="a" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    "an external_id of 256": (
        modal(external_id="a" * 256),
        "must be less than 256 characters [json-pointer:/view/external_id]",
    ),
    "a block_id of 256": (
        modal(section(block_id="a" * 256)),
        f"must be less than 256 characters [json-pointer:{B0}/block_id]",
    ),
    "an empty block_id": (
        modal(section(block_id="")),
        f"must be more than 0 characters [json-pointer:{B0}/block_id]",
    ),
    "a block_id used twice": (
        modal(section(block_id="a"), section(block_id="a")),
        "`block_id` a must be unique [json-pointer:/view/blocks/1/block_id]",
    ),
    "an unknown key of the view": (
        modal(colour="red"),
        "invalid additional property: colour [json-pointer:/view]",
    ),
    "an unknown block": (
        modal({"type": "carrousel"}),
        f"unsupported type: carrousel [json-pointer:{B0}/type]",
    ),
    "a block that messages have and modals do not": (
        modal({"type": "markdown", "text": "x"}),
        f"unsupported type: markdown [json-pointer:{B0}/type]",
    ),
    "a missing title": (
        {"type": "modal", "blocks": []},
        "missing required field: title [json-pointer:/view]",
    ),
    "a missing label": (
        modal({"type": "input", "element": {"type": "plain_text_input"}}),
        f"missing required field: label [json-pointer:{B0}]",
    ),
    "a null": (
        modal(text_field(), close=None),
        "failed to match schema [json-pointer:/view/close]",
    ),
    "a label of 2001": (
        modal(text_field() | {"label": plain("a" * 2001)}),
        f"must be less than 2001 characters [json-pointer:{B0}/label/text]",
    ),
    "a hint of 2001": (
        modal(text_field() | {"hint": plain("a" * 2001)}),
        f"must be less than 2001 characters [json-pointer:{B0}/hint/text]",
    ),
    "a section of 3001": (
        modal(section("a" * 3001)),
        f"must be less than 3001 characters [json-pointer:{B0}/text/text]",
    ),
    "an empty section": (
        modal(section("")),
        f"must be more than 0 characters [json-pointer:{B0}/text/text]",
    ),
    "11 fields": (
        modal({"type": "section", "fields": [mrkdwn("a")] * 11}),
        f"no more than 10 items allowed [json-pointer:{B0}/fields]",
    ),
    "a field of 2001": (
        modal({"type": "section", "fields": [mrkdwn("a" * 2001)]}),
        f"must be less than 2001 characters [json-pointer:{B0}/fields/0/text]",
    ),
    "a header of 151": (
        modal({"type": "header", "text": plain("a" * 151)}),
        f"must be less than 151 characters [json-pointer:{B0}/text/text]",
    ),
    "an alert of 201": (
        modal(alert(text=plain("a" * 201))),
        f"must be less than 201 characters [json-pointer:{B0}/text/text]",
    ),
    "an unknown alert level": (
        modal(alert(level="danger")),
        f"must be a valid enum value [json-pointer:{B0}/level]",
    ),
    "two elements in focus": (
        modal(text_field("a", focus_on_load=True), text_field("b", focus_on_load=True)),
        "only one element can have `focus_on_load` [json-pointer:/view/blocks]",
    ),
    "a card, which fails to render in a modal": (
        modal({"type": "card", "title": plain("A flat")}),
        f"unsupported type: card [json-pointer:{B0}/type]",
    ),
    "an unknown element of rich text": (
        modal(rich_text({"type": "sound"})),
        f"unsupported type: sound [json-pointer:{B0}/elements/0/elements/0/type]",
    ),
    "a link of rich text without its url": (
        modal(rich_text({"type": "link", "text": "here"})),
        f"missing required field: url [json-pointer:{B0}/elements/0/elements/0]",
    ),
    "an empty text of rich text": (
        modal(rich_text({"type": "text", "text": ""})),
        f"must be more than 0 characters [json-pointer:{B0}/elements/0/elements/0/text]",
    ),
    "a list of rich text that holds no sections": (
        modal(rich_text({"type": "text", "text": "a"}, kind="rich_text_list")),
        f"unsupported type: text [json-pointer:{B0}/elements/0/elements/0/type]",
    ),
}


@pytest.mark.parametrize("view", TAKEN.values(), ids=TAKEN.keys())
def test_a_view_within_the_limits_is_taken(view: Json) -> None:
    assert check_view(view) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(("view", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_view_beyond_a_limit_is_refused_in_slacks_words(view: Json, message: str) -> None:
    with pytest.raises(SlackError) as refused:
        check_view(view)

    assert refused.value.body() == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {"messages": [f"[ERROR] {message}"]},
    }


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    view = modal(*[section("é" * 1500) for _ in range(100)])

    with pytest.raises(SlackError, match="view_too_large"):
        check_view(view)
