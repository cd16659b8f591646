"""Messages that slack_sdk's own client posts, updates and deletes through the Web API."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Slack
from sandbox.slack.seed import (
    ALICE,
    ANNONCES,
    BOB,
    DIRECTION,
    GENERAL,
    PRIVATE_TALK,
    SECURITE,
)
from tests.sandbox_slack.conftest import Clock
from tests.sandbox_slack.factories import error_of, section
from tests.sandbox_slack.scopes import grant

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (GENERAL, "not_in_channel"),
        (DIRECTION, "channel_not_found"),
        (PRIVATE_TALK, "channel_not_found"),
        ("C0NOWHERE1", "channel_not_found"),
    ],
)
async def test_the_bot_posts_only_where_it_is(
    slack: Slack, client: AsyncWebClient, channel: str, error: str
) -> None:
    found = await error_of(client, "chat.postMessage", channel=channel, text="hi")

    assert (found, slack.workspace.history(channel)) == (error, [])


async def test_chat_write_public_reaches_public_channels_only(
    slack: Slack, client: AsyncWebClient
) -> None:
    grant(slack, "chat:write.public")

    await client.chat_postMessage(channel=GENERAL, text="hi")

    assert await error_of(client, "chat.postMessage", channel=DIRECTION, text="hi") == (
        "channel_not_found"
    )


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        ({"text": "a", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ({"text": "a", "blocks": "not json"}, "invalid_blocks_format"),
        ({"text": "a", "thread_ts": 1_800_000_000.000100}, "invalid_thread_ts"),
        ({"text": "a", "thread_ts": "yesterday"}, "invalid_thread_ts"),
    ],
)
async def test_a_wrong_message_is_refused_and_not_kept(
    slack: Slack, client: AsyncWebClient, args: Json, error: str
) -> None:
    found = await error_of(client, "chat.postMessage", channel=ANNONCES, **args)

    assert (found, slack.workspace.history(ANNONCES)) == (error, [])


async def test_an_archived_channel_takes_nothing(slack: Slack, client: AsyncWebClient) -> None:
    slack.workspace.archive(ANNONCES)

    assert await error_of(client, "chat.postMessage", channel=ANNONCES, text="a") == "is_archived"


async def test_a_message_to_a_person_opens_their_dm(slack: Slack, client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel=ALICE, text="1")
    second = await client.chat_postMessage(channel=first["channel"], text="2")

    assert (first["channel"][0], second["channel"]) == ("D", first["channel"])


async def test_without_the_messages_tab_nobody_gets_a_dm(
    slack: Slack, client: AsyncWebClient
) -> None:
    grant(slack, messages_tab=False)

    assert await error_of(client, "chat.postMessage", channel=ALICE, text="1") == (
        "messages_tab_disabled"
    )


async def test_a_reply_to_a_deleted_parent_goes_to_the_channel(
    slack: Slack, client: AsyncWebClient
) -> None:
    parent = slack.workspace.say(ANNONCES, ALICE, "hello")
    slack.workspace.delete(ANNONCES, parent.ts)

    answer = await client.chat_postMessage(channel=ANNONCES, text="re", thread_ts=parent.ts)

    shown = [message.text for message in slack.workspace.history(ANNONCES)]
    assert answer["ok"]
    assert "thread_ts" not in answer["message"]
    assert shown == ["re"]


async def test_a_fifth_message_at_once_is_too_many_until_a_second_later(
    slack: Slack, client: AsyncWebClient, clock: Clock
) -> None:
    for _ in range(4):
        await client.chat_postMessage(channel=ANNONCES, text="a")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ANNONCES, text="a")
    elsewhere = await client.chat_postMessage(channel=SECURITE, text="a")
    clock.now += 1
    later = await client.chat_postMessage(channel=ANNONCES, text="a")

    limited = refused.value.response
    assert (
        limited.status_code,
        limited.headers["Retry-After"],
        limited["error"],
        elsewhere["ok"],
        later["ok"],
    ) == (429, "1", "ratelimited", True, True)


async def test_an_update_without_blocks_drops_them(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ANNONCES, text="a", blocks=[section()])

    await client.chat_update(channel=ANNONCES, ts=posted["ts"], text="b")

    [message] = slack.workspace.history(ANNONCES)
    assert (message.text, message.blocks) == ("b", ())


async def test_updates_are_refused_as_slack_refuses_them(
    slack: Slack, client: AsyncWebClient
) -> None:
    mine = (await client.chat_postMessage(channel=ALICE, text="a")).data
    assert isinstance(mine, dict)
    theirs = slack.workspace.say(ANNONCES, ALICE, "a").ts
    update = "chat.update"
    here = mine["channel"]

    assert [
        await error_of(client, update, channel=ALICE, ts=mine["ts"], text="b"),
        await error_of(client, update, channel=ANNONCES, ts=mine["ts"], text="b"),
        await error_of(client, update, channel=ANNONCES, ts=theirs, text="b"),
        await error_of(client, update, channel=here, ts=mine["ts"], text="b" * 4001),
    ] == ["channel_not_found", "message_not_found", "cant_update_message", "msg_too_long"]


async def test_mentions_and_previews_are_noticed(slack: Slack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(
        channel=ANNONCES, text=f"<!channel> <@{ALICE}> https://a.example", unfurl_links=False
    )
    await client.chat_postMessage(
        channel=ANNONCES,
        text="&lt;!channel&gt; https://a.example",
        unfurl_links=False,
        unfurl_media=False,
    )

    noticed = [(message.pings, message.unfurls) for message in slack.workspace.history(ANNONCES)]
    assert noticed == [(("<!channel>", f"<@{ALICE}>"), True), ((), False)]


async def test_an_ephemeral_is_for_members_only(slack: Slack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel=ANNONCES, user=BOB, text="psst")
    refused = await error_of(
        client, "chat.postEphemeral", channel=ANNONCES, user="U0NOBODY01", text="psst"
    )

    shown = [(message.user, message.text) for message in slack.workspace.ephemerals]
    assert (refused, shown) == ("user_not_in_channel", [(BOB, "psst")])


async def test_a_permalink_and_a_deletion_need_the_message(
    slack: Slack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=ANNONCES, text="a")
    link = await client.chat_getPermalink(channel=ANNONCES, message_ts=posted["ts"])
    await client.chat_delete(channel=ANNONCES, ts=posted["ts"])
    error = await error_of(client, "chat.getPermalink", channel=ANNONCES, message_ts=posted["ts"])

    assert (link["permalink"], error) == (
        f"https://atelier.slack.com/archives/{ANNONCES}/p{posted['ts'].replace('.', '')}",
        "message_not_found",
    )
