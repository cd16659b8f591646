"""link_shared and chat.unfurl, as strict as Slack documents them."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Message, Person, Slack, unfurls
from sandbox.slack.limits import Limiter
from sandbox.slack.seed import ALICE, ANNONCES, DIRECTION
from tests.sandbox_slack.factories import actions, button

Json = dict[str, Any]
URL = "https://www.pap.fr/annonces/r1"
SECTION: Json = {"type": "section", "text": {"type": "plain_text", "text": "a flat"}}


@pytest.fixture(autouse=True)
def links(slack: Slack) -> None:
    slack.workspace.app = slack.workspace.app.with_links("pap.fr")


def event(slack: Slack, text: str = URL, channel: str = ANNONCES) -> Json | None:
    body = unfurls.link_shared(slack, slack.workspace.say(channel, ALICE, text))
    return body["event"] if body else None


async def posted(slack: Slack, text: str = URL) -> Message:
    """A message whose event was acknowledged."""
    message = slack.workspace.say(ANNONCES, ALICE, text)
    body = unfurls.link_shared(slack, message)
    assert body is not None
    slack.unfurls.acknowledge(body["event"])
    return message


async def refusal(client: AsyncWebClient, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.unfurl", json=arguments)
    return refused.value.response


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (URL, [URL]),
        (f"{URL} and {URL}", [URL]),
        ("https://pap.fr/x?a=1&b=2", ["https://pap.fr/x?a=1&amp;b=2"]),
        ("https://www.pap.fr:8080/x", ["https://www.pap.fr:8080/x"]),
    ],
)
def test_an_event_has_each_link_of_a_registered_domain_encoded(
    slack: Slack, text: str, urls: list[str]
) -> None:
    shared = event(slack, text)
    assert shared is not None
    assert shared["links"] == [{"domain": "pap.fr", "url": url} for url in urls]


@pytest.mark.parametrize("text", ["no link", "https://xpap.fr/x", "https://pap.fr.example/x"])
def test_other_links_have_no_event(slack: Slack, text: str) -> None:
    assert event(slack, text) is None


def test_a_link_whose_label_is_a_part_of_it_has_no_event() -> None:
    assert list(unfurls.links_in("<https://pap.fr/x|pap.fr/x> <https://pap.fr/y|flat>")) == [
        "https://pap.fr/y"
    ]


def test_a_message_of_an_app_has_no_event(slack: Slack) -> None:
    message = slack.workspace.post(ANNONCES, {"text": f"<{URL}>"})
    assert unfurls.link_shared(slack, message) is None


def test_an_event_says_whether_the_bot_is_a_member(slack: Slack) -> None:
    inside, outside = event(slack, channel=ANNONCES), event(slack, channel=DIRECTION)
    assert inside is not None
    assert outside is not None
    assert inside["is_bot_user_member"] is True
    assert outside["is_bot_user_member"] is False


def test_a_link_that_is_typed_has_an_event_of_the_composer(slack: Slack) -> None:
    body = unfurls.link_composed(slack, slack.workspace.users[ALICE], f"<{URL}>")
    assert body is not None
    shared = body["event"]
    assert (shared["channel"], shared["source"]) == ("COMPOSER", "composer")
    assert shared["message_ts"] == shared["unfurl_id"]


def test_an_organisations_install_has_no_unfurl_id_and_no_event_of_the_composer(
    slack: Slack,
) -> None:
    slack.workspace.app = replace(slack.workspace.app, enterprise_id="E1")
    shared = event(slack)
    assert shared is not None
    assert shared.keys().isdisjoint({"unfurl_id", "source"})
    assert unfurls.link_composed(slack, slack.workspace.users[ALICE], f"<{URL}>") is None


async def test_an_unfurled_link_is_below_the_message(
    slack: Slack, client: AsyncWebClient, alice: Person
) -> None:
    message = await posted(slack)
    await client.chat_unfurl(channel=ANNONCES, ts=message.ts, unfurls={URL: {"blocks": [SECTION]}})
    shown = slack.workspace.messages[ANNONCES][message.ts]
    assert alice.read(shown).splitlines() == [URL, "a flat"]
    assert shown.edited is None


async def test_a_repeated_call_replaces_the_unfurl(slack: Slack, client: AsyncWebClient) -> None:
    message = await posted(slack)
    for _ in range(2):
        unfurl = {URL: {"blocks": [SECTION]}}
        await client.chat_unfurl(channel=ANNONCES, ts=message.ts, unfurls=unfurl)
    assert len(slack.workspace.messages[ANNONCES][message.ts].attachments) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel": ""}, "missing_channel"),
        ({"ts": ""}, "missing_ts"),
        ({"unfurls": None}, "missing_unfurls"),
        ({"unfurls": []}, "invalid_unfurls_format"),
        ({"unfurls": "{"}, "invalid_unfurls_format"),
        ({"channel": "C0NOWHERE1"}, "cannot_find_channel"),
        ({"ts": "1.000000"}, "cannot_find_message"),
        ({"unfurls": {f"{URL}?x": {"blocks": [SECTION]}}}, "cannot_unfurl_message"),
        ({"unfurls": {URL: {}}}, "cannot_parse_attachment"),
        ({"unfurls": {URL: {"blocks": [{"type": "section"}]}}}, "invalid_blocks"),
        ({"unfurls": {URL: {"blocks": [{"type": "rich_text", "elements": []}]}}}, "invalid_blocks"),
        ({"unfurl_id": "x"}, "missing_source"),
        ({"source": "composer"}, "missing_unfurl_id"),
        ({"unfurl_id": "x", "source": "elsewhere"}, "invalid_source"),
        ({"unfurl_id": "x", "source": "composer"}, "invalid_unfurl_id"),
    ],
    ids=str,
)
async def test_a_call_that_slack_would_refuse_is_refused_and_changes_nothing(
    slack: Slack, client: AsyncWebClient, change: Json, error: str
) -> None:
    message = await posted(slack)
    arguments = {"channel": ANNONCES, "ts": message.ts, "unfurls": {URL: {"blocks": [SECTION]}}}
    refused = await refusal(client, **(arguments | change))
    assert refused["error"] == error
    assert slack.workspace.messages[ANNONCES][message.ts] == message


async def test_a_call_before_the_event_is_acknowledged_is_refused(
    slack: Slack, client: AsyncWebClient
) -> None:
    message = slack.workspace.say(ANNONCES, ALICE, URL)
    unfurls.link_shared(slack, message)
    unfurl = {URL: {"blocks": [SECTION]}}
    refused = await refusal(client, channel=ANNONCES, ts=message.ts, unfurls=unfurl)
    assert refused["error"] == "cannot_unfurl_url"


async def test_without_the_scope_a_call_is_refused(slack: Slack, client: AsyncWebClient) -> None:
    message = await posted(slack)
    app = slack.workspace.app
    slack.workspace.app = replace(app, scopes=app.scopes - {"links:write"})
    unfurl = {URL: {"blocks": [SECTION]}}
    refused = await refusal(client, channel=ANNONCES, ts=message.ts, unfurls=unfurl)
    assert refused["error"] == "missing_scope"
    assert refused["needed"] == "links:write"


async def test_more_calls_than_slack_takes_are_refused(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.unfurl_limits = Limiter(slack.workspace.clock, burst=1)
    message = await posted(slack)
    unfurl = {URL: {"blocks": [SECTION]}}
    await client.chat_unfurl(channel=ANNONCES, ts=message.ts, unfurls=unfurl)
    refused = await refusal(client, channel=ANNONCES, ts=message.ts, unfurls=unfurl)
    assert (refused.status_code, refused["error"]) == (429, "ratelimited")


async def test_a_press_names_the_message_and_the_link_and_has_no_message(
    slack: Slack, client: AsyncWebClient, alice: Person, bot: Any
) -> None:
    message = await posted(slack)
    unfurl = {URL: {"blocks": [SECTION, actions(button("report"))]}}
    await client.chat_unfurl(channel=ANNONCES, ts=message.ts, unfurls=unfurl)
    await alice.press_unfurl(message, "report")
    sent = bot.payloads[-1]
    assert "message" not in sent
    assert sent["container"] == {
        "type": "message_attachment",
        "message_ts": message.ts,
        "attachment_id": 1,
        "channel_id": ANNONCES,
        "is_ephemeral": False,
        "is_app_unfurl": True,
        "app_unfurl_url": URL,
    }
