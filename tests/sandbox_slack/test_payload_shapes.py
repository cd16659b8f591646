"""What a person's acts send has the keys of the bodies Slack sends: facts noted from real ones."""

from dataclasses import replace
from typing import Any

from sandbox.slack import Person, Slack
from sandbox.slack.seed import ALICE, ANNONCES, DIRECTION, PRIVATE_TALK
from tests.sandbox_slack.conftest import Bot
from tests.sandbox_slack.factories import actions, button, field, modal, option, plain, text_field

Json = dict[str, Any]

COMMAND = """token team_id team_domain channel_id channel_name user_id user_name command text
    api_app_id is_enterprise_install response_url trigger_id"""
COMMON = "type token team user api_app_id enterprise is_enterprise_install"
MESSAGE_ACTION = (
    COMMON
    + """ action_ts channel callback_id trigger_id message_ts message
    response_url"""
)
VIEW_ACTION = COMMON + " container trigger_id view actions"
MESSAGE_BLOCK_ACTION = (
    COMMON
    + """ container trigger_id channel message state response_url
    actions"""
)
SUGGESTION = COMMON + " container action_id block_id value view"
SUBMISSION = COMMON + " trigger_id view response_urls"
CLOSED = COMMON + " view is_cleared response_urls"
VIEW = """id team_id type blocks private_metadata callback_id state hash title clear_on_close
    notify_on_close close submit previous_view_id root_view_id app_id external_id
    app_installed_team_id bot_id"""
BOT_MESSAGE = "bot_id type text user ts app_id blocks team bot_profile"
PERSON_MESSAGE = "client_msg_id type text user ts team blocks"


def keys(words: str) -> set[str]:
    return set(words.split())


def show(slack: Slack, view: Json) -> None:
    slack.views.open(ALICE, view)


async def test_a_command_is_a_form_with_the_documented_fields(alice: Person, bot: Bot) -> None:
    await alice.command("/report-issue", "some text", channel=ANNONCES)

    [form] = bot.forms
    wanted = {"channel_name": "annonces", "command": "/report-issue", "text": "some text"}
    assert (set(form), {name: form[name] for name in wanted}) == (keys(COMMAND), wanted)


async def test_an_organisation_wide_install_has_no_team(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    slack.workspace.app = replace(slack.workspace.app, enterprise_id="E0ORG00001")
    message = slack.workspace.say(ANNONCES, ALICE, "Hello")

    await alice.command("/report-issue", channel=ANNONCES)
    await alice.shortcut("report", message)

    assert bot.forms[0]["is_enterprise_install"] == "true"
    assert bot.forms[0]["enterprise_id"] == "E0ORG00001"
    [sent] = bot.payloads
    assert sent["team"] is None
    assert sent["enterprise"]["id"] == "E0ORG00001"
    assert sent["is_enterprise_install"] is True


async def test_private_conversations_are_not_named(alice: Person, bot: Bot) -> None:
    for channel in (DIRECTION, PRIVATE_TALK):
        await alice.command("/report-issue", channel=channel)

    assert [form["channel_name"] for form in bot.forms] == ["privategroup", "directmessage"]


async def test_a_message_shortcut_carries_the_message(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    message = slack.workspace.say(ANNONCES, ALICE, "See https://a.example/?b=1&c=2")

    await alice.shortcut("report", message)

    [sent] = bot.payloads
    assert (set(sent), set(sent["message"]), sent["message"]["text"], sent["message_ts"]) == (
        keys(MESSAGE_ACTION),
        keys(PERSON_MESSAGE),
        "See <https://a.example/?b=1&amp;c=2>",
        message.ts,
    )


async def test_a_choice_in_a_modal_carries_the_view_as_it_was(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    kinds = [option("a"), option("b")]
    radio = {"type": "radio_buttons", "options": kinds}
    show(slack, modal(field("kind", radio, dispatch_action=True)))
    shown = await alice.view()

    await alice.choose("kind", "b")

    [sent] = bot.payloads
    [action] = sent["actions"]
    assert (set(sent), set(sent["view"]), sent["view"]["hash"], action) == (
        keys(VIEW_ACTION),
        keys(VIEW),
        shown.hash,
        {
            "type": "radio_buttons",
            "action_id": "kind",
            "block_id": "kind",
            "selected_option": {"text": plain("B") | {"emoji": True}, "value": "b"},
            "action_ts": action["action_ts"],
        },
    )


async def test_a_button_on_a_message_carries_the_message(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    blocks = [actions(button("retry", value="7"))]
    message = slack.workspace.post(ANNONCES, {"text": "Failed", "blocks": blocks})

    await alice.press(message, "retry")

    [sent] = bot.payloads
    assert (set(sent), set(sent["message"]), sent["container"]) == (
        keys(MESSAGE_BLOCK_ACTION),
        keys(BOT_MESSAGE),
        {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": ANNONCES,
            "is_ephemeral": False,
        },
    )


async def test_a_search_a_submission_and_a_closing_have_their_keys(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    search = field("who", {"type": "external_select"}, optional=True)
    show(slack, modal(search, notify_on_close=True))
    bot.answer = lambda sent: {"options": []} if sent["type"] == "block_suggestion" else 500
    await alice.search("who", "abc")
    await alice.submit()

    await alice.close()

    assert [set(sent) for sent in bot.payloads] == [
        keys(SUGGESTION),
        keys(SUBMISSION),
        keys(CLOSED),
    ]


async def test_each_element_has_the_state_of_slacks_reference(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    two = [option("a"), option("b")]
    elements: dict[str, Json] = {
        "text": {"type": "plain_text_input", "initial_value": "hi"},
        "empty": {"type": "plain_text_input"},
        "radio": {"type": "radio_buttons", "options": two},
        "boxes": {"type": "checkboxes", "options": two},
        "select": {"type": "static_select", "options": two},
        "multi": {"type": "multi_static_select", "options": two},
        "external": {"type": "external_select"},
        "number": {"type": "number_input", "is_decimal_allowed": True, "initial_value": "12"},
        "when": {"type": "datetimepicker", "initial_date_time": 1_800_000_000},
        "day": {"type": "datepicker"},
        "hour": {"type": "timepicker"},
        "user": {"type": "users_select", "initial_user": ALICE},
        "rich": {"type": "rich_text_input"},
    }
    show(slack, modal(*[field(name, element, optional=True) for name, element in elements.items()]))

    await alice.submit()

    values = bot.payloads[0]["view"]["state"]["values"]
    assert {name: state[name] for name, state in values.items()} == {
        "text": {"type": "plain_text_input", "value": "hi"},
        "empty": {"type": "plain_text_input", "value": None},
        "radio": {"type": "radio_buttons", "selected_option": None},
        "boxes": {"type": "checkboxes", "selected_options": []},
        "select": {"type": "static_select", "selected_option": None},
        "multi": {"type": "multi_static_select", "selected_options": []},
        "external": {"type": "external_select", "selected_option": None},
        "number": {"type": "number_input", "value": "12"},
        "when": {"type": "datetimepicker", "selected_date_time": 1_800_000_000},
        "day": {"type": "datepicker", "selected_date": None},
        "hour": {"type": "timepicker", "selected_time": None},
        "user": {"type": "users_select", "selected_user": ALICE},
        "rich": {"type": "rich_text_input", "rich_text_value": None},
    }


async def test_requests_are_signed_as_slack_signs_them(alice: Person, bot: Bot) -> None:
    from slack_sdk.signature import SignatureVerifier

    await alice.command("/report-issue", "é & <b>", channel=ANNONCES)

    verifier = SignatureVerifier("sandbox-signing-secret")
    assert verifier.is_valid_request(bot.bodies[0], bot.headers[0])


async def test_nothing_typed_is_told_before_submission(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    show(slack, modal(text_field()))

    await alice.type("name", "Ada")

    assert bot.payloads == []
