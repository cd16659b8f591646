"""What a person sees and may do, against a bot of a few lines."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import (
    CONNECTION_NOTICE,
    BotLink,
    NotOnScreenError,
    Outcome,
    Person,
    Slack,
)
from sandbox.slack.seed import ALICE, BOB
from tests.sandbox_slack.conftest import Bot
from tests.sandbox_slack.factories import (
    actions,
    button,
    field,
    modal,
    option,
    options,
    section,
    text_field,
)

Json = dict[str, Any]
RADIO = {"type": "radio_buttons", "options": [option("a"), option("b")]}


async def test_what_was_typed_survives_an_update_only_under_the_same_ids(
    slack: Slack, alice: Person
) -> None:
    view = slack.views.open(ALICE, modal(text_field("kept"), text_field("moved")))
    await alice.type("kept", "mine")
    await alice.type("moved", "mine")
    other = text_field("moved", initial_value="new") | {"block_id": "elsewhere"}
    slack.views.update(view, modal(text_field("kept", initial_value="new"), other))

    shown = await alice.view()

    assert [shown.value("kept"), shown.value("moved")] == ["mine", "new"]


async def test_a_field_left_empty_keeps_its_null_when_an_initial_value_comes_later(
    slack: Slack, alice: Person
) -> None:
    view = slack.views.open(ALICE, modal(text_field()))
    slack.views.update(view, modal(text_field(initial_value="new")))

    assert (await alice.view()).value("name") is None


async def test_a_missing_field_stops_the_form_on_the_client(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(text_field()))

    outcome = await alice.submit()

    wrong = {"name": "Please complete this required field."}
    assert (outcome, bot.payloads) == (Outcome("blocked", errors=wrong), [])


@pytest.mark.parametrize(
    ("errors", "kind", "notices"),
    [
        ({"name": "Too short"}, "errors", 0),
        ({"other": "Hidden"}, "failed", 1),
        ({"words": "Not an input"}, "failed", 1),
        ({"name": ""}, "failed", 1),
        ({}, "failed", 1),
    ],
)
async def test_errors_belong_to_visible_input_blocks(
    slack: Slack, alice: Person, bot: Bot, errors: dict[str, str], kind: str, notices: int
) -> None:
    slack.views.open(ALICE, modal(text_field(), section(block_id="words")))
    await alice.type("name", "Ada")
    bot.answer = lambda _sent: {"response_action": "errors", "errors": errors}

    outcome = await alice.submit()

    shown = await alice.view()
    assert outcome.kind == kind
    assert shown.value("name") == "Ada"
    assert len(alice.notices) == notices


@pytest.mark.parametrize(
    ("answer", "moved"),
    [
        (None, ("closed", [])),
        ({"response_action": "clear"}, ("cleared", [])),
        ({"response_action": "update", "view": modal(callback_id="2")}, ("updated", ["2"])),
        ({"response_action": "push", "view": modal(callback_id="2")}, ("pushed", ["form", "2"])),
        ({"response_action": "update", "view": modal(x=1)}, ("failed", ["form"])),
        ({"response_action": "explode"}, ("failed", ["form"])),
        (404, ("failed", ["form"])),
    ],
)
async def test_a_submissions_answer_moves_the_screen(
    slack: Slack, alice: Person, bot: Bot, answer: Any, moved: tuple[str, list[str]]
) -> None:
    slack.views.open(ALICE, modal(section()))
    bot.answer = lambda _sent: answer

    outcome = await alice.submit()

    stack = [view.body["callback_id"] for view in slack.views.screens[ALICE].stack]
    assert (outcome.kind, stack) == moved


async def test_a_person_who_tries_again_submits_the_same_view(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(section()))
    bot.answer = lambda _sent: 500
    await alice.submit()
    bot.answer = lambda _sent: None

    outcome = await alice.submit_again()

    first, second = bot.payloads
    assert outcome == Outcome("closed")
    assert alice.notices == [CONNECTION_NOTICE]
    assert first["view"] == second["view"]


async def test_the_bot_cannot_update_a_view_that_is_being_submitted(
    slack: Slack, alice: Person, client: AsyncWebClient
) -> None:
    view = slack.views.open(ALICE, modal(section()))
    view.being_submitted = True

    with pytest.raises(SlackApiError) as refused:
        await client.views_update(view_id=view.id, view=modal(section()))

    assert refused.value.response["error"] == "not_found"


@pytest.mark.parametrize(
    ("act", "args", "reason"),
    [
        ("type", ("hidden", "x"), "0 fields are named hidden"),
        ("type", ("short", "abcd"), "takes 3 characters"),
        ("type", ("short", "a\nb"), "single line"),
        ("type", ("kind", "a"), "nothing can be typed"),
        ("type", ("count", "many"), "digits only"),
        ("choose", ("kind", "c"), "offers"),
        ("choose", ("kind", None), "cannot be taken back"),
        ("choose", ("kind", ["a"]), "one choice"),
        ("choose", ("who", "a"), "use search and pick"),
        ("pick", ("who", "a"), "search first"),
        ("search", ("who", "ab"), "from 3 characters"),
        ("pick_date", ("when", 12), "cannot show"),
        ("pick_date", ("when", None), "required"),
        ("click", ("kind",), "not a button"),
    ],
)
async def test_what_is_not_on_screen_cannot_be_done(
    slack: Slack, alice: Person, act: str, args: tuple[Any, ...], reason: str
) -> None:
    slack.views.open(
        ALICE,
        modal(
            text_field("short", max_length=3),
            field("kind", RADIO),
            field("count", {"type": "number_input", "is_decimal_allowed": False}),
            field("who", {"type": "external_select"}),
            field("when", {"type": "datetimepicker"}),
        ),
    )

    with pytest.raises(NotOnScreenError, match=reason):
        await getattr(alice, act)(*args)


async def test_a_search_shows_options_of_which_one_can_be_picked(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(field("who", {"type": "external_select"})))
    bot.answer = lambda sent: {"options": [option(sent["value"])]}

    shown = await alice.search("who", "abc")
    await alice.pick("who", "abc")

    assert (shown, (await alice.view()).value("who")) == ({"abc": "Abc"}, "abc")


async def test_a_search_may_carry_a_state_from_before_the_last_choice(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(text_field(), field("who", {"type": "external_select"})))
    await alice.type("name", "Ada")

    await alice.search("who", "abc")

    assert bot.payloads[0]["view"]["state"]["values"]["name"]["name"]["value"] is None


async def test_too_many_suggestions_show_nothing(slack: Slack, alice: Person, bot: Bot) -> None:
    slack.views.open(ALICE, modal(field("who", {"type": "external_select"})))
    bot.answer = lambda _sent: {"options": options(101)}

    shown = await alice.search("who", "abc")

    assert (shown, len(alice.notices)) == ({}, 1)


async def test_two_quick_choices_carry_the_same_hash_and_are_ordered(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(field("kind", RADIO, dispatch_action=True)))

    await alice.choose("kind", "a")
    await alice.choose("kind", "b")

    first, second = bot.payloads
    assert first["view"]["hash"] == second["view"]["hash"]
    assert first["actions"][0]["action_ts"] < second["actions"][0]["action_ts"]


async def test_two_people_have_their_own_screens(slack: Slack, link: BotLink) -> None:
    alice, bob = Person(slack, ALICE, link), Person(slack, BOB, link)
    slack.views.open(ALICE, modal(text_field()))
    slack.views.open(BOB, modal(text_field()))
    await alice.type("name", "A")
    await bob.type("name", "B")

    screens = [await person.view() for person in (alice, bob)]
    assert [view.value("name") for view in screens] == ["A", "B"]


async def test_closing_tells_the_bot_when_it_asked_to_know(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(text_field(), notify_on_close=True))
    await alice.type("name", "Ada")

    await alice.close()

    [sent] = bot.payloads
    assert (sent["type"], sent["view"]["state"], alice.screen) == (
        "view_closed",
        {"values": {}},
        None,
    )


async def test_changed_counts_a_change_that_came_during_the_act(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    view = slack.views.open(ALICE, modal(field("kind", RADIO, dispatch_action=True)))
    await alice.view()
    bot.answer = lambda _sent: slack.views.update(view, modal(section())) and None

    await alice.choose("kind", "a")

    shown = await alice.changed()
    assert shown is not None
    assert shown.fields == []


async def test_a_button_of_a_modal_is_clicked_and_its_link_followed(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.views.open(ALICE, modal(actions(button("open", url="https://a.example", value="1"))))

    await alice.click("open")

    sent = bot.payloads[0]["actions"][0]
    assert (alice.opened_links, sent["value"]) == (["https://a.example"], "1")
