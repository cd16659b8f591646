"""The limits of the elements in a modal: the first value that Slack refuses."""

from typing import Any

import pytest

from sandbox.slack.blockkit import check_suggestions, check_view
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
    select,
    text_field,
    when,
)

Json = dict[str, Any]
B0 = "/view/blocks/0"


def confirm(**more: Any) -> Json:
    texts = {"title": plain("T"), "text": plain("t"), "confirm": plain("y"), "deny": plain("n")}
    return actions(button(confirm={**texts, **more}))


REFUSED = {
    "an action_id of 256": (
        modal(text_field(action_id="a" * 256)),
        f"must be less than 256 characters [json-pointer:{B0}/element/action_id]",
    ),
    "an action_id used twice in a block": (
        modal(actions(button("a"), button("a"))),
        f"`action_id` must be unique in a block [json-pointer:{B0}/elements]",
    ),
    "an unknown key of an element": (
        modal(text_field(colour="red")),
        f"invalid additional property: colour [json-pointer:{B0}/element]",
    ),
    "a text input among actions": (
        modal(actions({"type": "plain_text_input"})),
        f"unsupported type: plain_text_input [json-pointer:{B0}/elements/0/type]",
    ),
    "a button in an input block": (
        modal(field("x", button())),
        f"unsupported type: button [json-pointer:{B0}/element/type]",
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
}


@pytest.mark.parametrize(("view", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_an_element_beyond_a_limit_is_refused_in_slacks_words(view: Json, message: str) -> None:
    with pytest.raises(SlackError) as refused:
        check_view(view)

    assert refused.value.body() == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {"messages": [f"[ERROR] {message}"]},
    }


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
