"""Each limit of Slack's reference, one by one: the largest value it takes, the first it refuses."""

from typing import Any

import pytest

from sandbox.slack.blockkit import check_blocks, check_suggestions, check_view
from sandbox.slack.errors import SlackError
from tests.sandbox_slack.factories import (
    actions,
    button,
    field,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    section,
    text_field,
)

Json = dict[str, Any]
B0 = "/view/blocks/0"


def select(**more: Any) -> Json:
    return field("choice", {"type": "static_select", **more})


def radio(**more: Any) -> Json:
    return field("choice", {"type": "radio_buttons", **more})


def number(**more: Any) -> Json:
    return field("count", {"type": "number_input", "is_decimal_allowed": False, **more})


def when(initial: Any) -> Json:
    return field("when", {"type": "datetimepicker", "initial_date_time": initial})


def confirm(**more: Any) -> Json:
    texts = {"title": plain("T"), "text": plain("t"), "confirm": plain("y"), "deny": plain("n")}
    return actions(button(confirm={**texts, **more}))


def alert(**more: Any) -> Json:
    return {"type": "alert", "text": plain("Mind"), **more}


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn("x")] * count}


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
    "an action_id of 256": (
        modal(text_field(action_id="a" * 256)),
        f"must be less than 256 characters [json-pointer:{B0}/element/action_id]",
    ),
    "an action_id used twice in a block": (
        modal(actions(button("a"), button("a"))),
        f"`action_id` must be unique in a block [json-pointer:{B0}/elements]",
    ),
    "an unknown key of the view": (
        modal(colour="red"),
        "invalid additional property: colour [json-pointer:/view]",
    ),
    "an unknown key of an element": (
        modal(text_field(colour="red")),
        f"invalid additional property: colour [json-pointer:{B0}/element]",
    ),
    "an unknown block": (
        modal({"type": "carrousel"}),
        f"unsupported type: carrousel [json-pointer:{B0}/type]",
    ),
    "a block that messages have and modals do not": (
        modal({"type": "markdown", "text": "x"}),
        f"unsupported type: markdown [json-pointer:{B0}/type]",
    ),
    "a text input among actions": (
        modal(actions({"type": "plain_text_input"})),
        f"unsupported type: plain_text_input [json-pointer:{B0}/elements/0/type]",
    ),
    "a button in an input block": (
        modal(field("x", button())),
        f"unsupported type: button [json-pointer:{B0}/element/type]",
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
    "a max_length of 3001": (
        modal(text_field(max_length=3001)),
        f"failed to match schema [json-pointer:{B0}/element/max_length]",
    ),
    "a min_length above max_length": (
        modal(text_field(min_length=5, max_length=4)),
        f"must be less than or equal to `max_length` [json-pointer:{B0}/element/min_length]",
    ),
    "an initial value longer than max_length": (
        modal(text_field(max_length=2, initial_value="abc")),
        f"must be less than 3 characters [json-pointer:{B0}/element/initial_value]",
    ),
    "a label of 2001": (
        modal(text_field() | {"label": plain("a" * 2001)}),
        f"must be less than 2001 characters [json-pointer:{B0}/label/text]",
    ),
    "a hint of 2001": (
        modal(text_field() | {"hint": plain("a" * 2001)}),
        f"must be less than 2001 characters [json-pointer:{B0}/hint/text]",
    ),
    "a placeholder of 151": (
        modal(text_field(placeholder=plain("a" * 151))),
        f"must be less than 151 characters [json-pointer:{B0}/element/placeholder/text]",
    ),
    "a number as a number": (
        modal(number(min_value=1)),
        f"must provide a string [json-pointer:{B0}/element/min_value]",
    ),
    "a number input that does not say about decimals": (
        modal(field("n", {"type": "number_input"})),
        f"missing required field: is_decimal_allowed [json-pointer:{B0}/element]",
    ),
    "an initial number out of bounds": (
        modal(number(min_value="5", initial_value="4")),
        f"must be more than or equal to `min_value` [json-pointer:{B0}/element/initial_value]",
    ),
    "a date of 9 digits": (
        modal(when(999_999_999)),
        f"failed to match schema [json-pointer:{B0}/element/initial_date_time]",
    ),
    "a date in milliseconds": (
        modal(when(1_800_000_000_000)),
        f"failed to match schema [json-pointer:{B0}/element/initial_date_time]",
    ),
    "a date as a string": (
        modal(when("1800000000")),
        f"failed to match schema [json-pointer:{B0}/element/initial_date_time]",
    ),
    "an empty option list": (
        modal(select(options=[])),
        f"must provide at least 1 items [json-pointer:{B0}/element/options]",
    ),
    "101 options": (
        modal(select(options=options(101))),
        f"no more than 100 items allowed [json-pointer:{B0}/element/options]",
    ),
    "11 radio buttons": (
        modal(radio(options=options(11))),
        f"no more than 10 items allowed [json-pointer:{B0}/element/options]",
    ),
    "11 checkboxes": (
        modal(field("x", {"type": "checkboxes", "options": options(11)})),
        f"no more than 10 items allowed [json-pointer:{B0}/element/options]",
    ),
    "an option text of 76": (
        modal(select(options=[option("v", "a" * 76)])),
        f"must be less than 76 characters [json-pointer:{B0}/element/options/0/text/text]",
    ),
    "an option value of 151": (
        modal(select(options=[option("a" * 151, "A")])),
        f"must be less than 151 characters [json-pointer:{B0}/element/options/0/value]",
    ),
    "an option description of 76": (
        modal(select(options=[option("v") | {"description": plain("a" * 76)}])),
        f"must be less than 76 characters [json-pointer:{B0}/element/options/0/description/text]",
    ),
    "a mrkdwn option in a select": (
        modal(select(options=[{"text": mrkdwn("x"), "value": "x"}])),
        f"must be a valid enum value [json-pointer:{B0}/element/options/0/text/type]",
    ),
    "an initial option that is not offered": (
        modal(select(options=options(2), initial_option=option("v2"))),
        f"must be one of the provided options [json-pointer:{B0}/element/initial_option]",
    ),
    "a confirm title of 101": (
        modal(confirm(title=plain("a" * 101))),
        f"must be less than 101 characters [json-pointer:{B0}/elements/0/confirm/title/text]",
    ),
    "a confirm text of 301": (
        modal(confirm(text=plain("a" * 301))),
        f"must be less than 301 characters [json-pointer:{B0}/elements/0/confirm/text/text]",
    ),
    "a confirm button of 31": (
        modal(confirm(deny=plain("a" * 31))),
        f"must be less than 31 characters [json-pointer:{B0}/elements/0/confirm/deny/text]",
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
    "11 in a context": (
        modal(context(11)),
        f"no more than 10 items allowed [json-pointer:{B0}/elements]",
    ),
    "26 actions": (
        modal(actions(*[button(f"b{number}") for number in range(26)])),
        f"no more than 25 items allowed [json-pointer:{B0}/elements]",
    ),
    "a button of 76": (
        modal(actions(button(text=plain("a" * 76)))),
        f"must be less than 76 characters [json-pointer:{B0}/elements/0/text/text]",
    ),
    "a button value of 2001": (
        modal(actions(button(value="a" * 2001))),
        f"must be less than 2001 characters [json-pointer:{B0}/elements/0/value]",
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


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "nope"}], "unsupported type: nope [json-pointer:/blocks/0/type]"),
    ],
)
def test_blocks_of_a_message_are_refused_as_invalid_blocks(blocks: list[Json], error: str) -> None:
    with pytest.raises(SlackError) as refused:
        check_blocks(blocks)

    assert (refused.value.error, refused.value.messages) == (
        "invalid_blocks",
        (f"[ERROR] {error}",),
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"options": options(101)},
        {"options": [option("v", "a" * 76)]},
        {},
        {"options": [], "option_groups": []},
        None,
        "options",
    ],
)
def test_suggested_options_that_slack_would_not_show_are_refused(answer: Any) -> None:
    with pytest.raises(SlackError):
        check_suggestions(answer)


def test_a_search_may_find_nothing() -> None:
    assert check_suggestions({"options": []}) == []
