"""The Web API as slack_sdk's own client meets it."""

from typing import Any

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import App, Slack, SlackFault, seed
from sandbox.slack.seed import (
    ALICE,
    ANNONCES,
)
from tests.sandbox_slack.conftest import Clock
from tests.sandbox_slack.factories import error_of, modal, text_field
from tests.sandbox_slack.scopes import grant


async def test_auth_test_names_the_bot(slack: Slack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["ok"], answer["bot_id"], answer["user_id"], answer["team_id"]) == (
        True,
        App.bot_id,
        App.bot_user_id,
        slack.workspace.team.id,
    )


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), (App.app_token, "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(slack: Slack, token: str, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=slack.api_url)

    assert await error_of(client, "auth.test") == error


async def test_the_token_is_never_recorded(slack: Slack, client: AsyncWebClient) -> None:
    await client.api_call("api.test", data={"token": App.bot_token, "x": "1"})

    assert [call.args for call in slack.calls] == [{"x": "1"}]


async def test_a_missing_scope_is_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_open(users=[ALICE])

    assert refused.value.response.data == {
        "ok": False,
        "error": "missing_scope",
        "needed": "im:write",
        "provided": "chat:write,commands,im:history,users:read",
    }


async def test_a_locale_comes_only_when_asked_for(client: AsyncWebClient) -> None:
    plainly = await client.users_info(user=ALICE)
    asked = await client.users_info(user=ALICE, include_locale=True)

    assert "locale" not in plainly["user"]
    assert asked["user"]["locale"] == "fr-FR"


async def test_history_needs_its_scope_and_gives_threads(
    slack: Slack, client: AsyncWebClient
) -> None:
    parent = slack.workspace.say(ANNONCES, ALICE, "hello")
    await client.chat_postMessage(channel=ANNONCES, text="re", thread_ts=parent.ts)
    refused = await error_of(client, "conversations.history", channel=ANNONCES)
    grant(slack, "channels:history")

    thread = await client.conversations_replies(channel=ANNONCES, ts=parent.ts)

    texts = [message["text"] for message in thread["messages"]]
    assert (refused, texts) == ("missing_scope", ["hello", "re"])


async def test_a_trigger_works_once_and_for_three_seconds(
    slack: Slack, client: AsyncWebClient, clock: Clock
) -> None:
    view = modal(text_field())
    good, late = (slack.triggers.new_trigger(ALICE) for _ in range(2))
    bad_view = modal(text_field(), private_metadata="a" * 3001)
    refused = await error_of(client, "views.open", trigger_id=good, view=bad_view)
    await client.views_open(trigger_id=good, view=view)
    clock.now += 3.1

    assert [
        refused,
        await error_of(client, "views.open", trigger_id=good, view=view),
        await error_of(client, "views.open", trigger_id=late, view=view),
        await error_of(client, "views.open", trigger_id="1.2.x", view=view),
    ] == ["invalid_arguments", "exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


async def test_a_stale_hash_a_closed_view_and_a_fourth_view_are_refused(
    slack: Slack, client: AsyncWebClient
) -> None:
    view = slack.views.open(ALICE, modal(text_field()))
    old = view.hash
    await client.views_update(view_id=view.id, hash=old, view=modal())
    stale = await error_of(client, "views.update", view_id=view.id, hash=old, view=modal())
    for _ in range(2):
        await client.views_push(trigger_id=slack.triggers.new_trigger(ALICE), view=modal())
    fourth = await error_of(
        client, "views.push", trigger_id=slack.triggers.new_trigger(ALICE), view=modal()
    )
    slack.views.clear(ALICE)
    closed = await error_of(client, "views.update", view_id=view.id, view=modal())

    assert (stale, fourth, closed) == ("hash_conflict", "push_limit_reached", "not_found")


async def test_an_unknown_method_is_named(client: AsyncWebClient) -> None:
    assert await error_of(client, "chat.shout") == "unknown_method"


async def test_a_cut_connection_posts_once_and_slack_sdk_posts_again(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.faults.set("chat.postMessage", SlackFault(kind="cut"), times=1)

    await client.chat_postMessage(channel=ANNONCES, text="a")

    assert [message.text for message in slack.workspace.history(ANNONCES)] == ["a", "a"]


async def test_a_connection_cut_before_the_act_keeps_nothing(
    slack: Slack, client: AsyncWebClient
) -> None:
    client.retry_handlers.clear()
    slack.faults.set("chat.postMessage", SlackFault(kind="cut_before"))

    with pytest.raises(ClientError):
        await client.chat_postMessage(channel=ANNONCES, text="a")

    assert slack.workspace.history(ANNONCES) == []


async def test_trouble_comes_in_order_and_ends(slack: Slack, client: AsyncWebClient) -> None:
    client.retry_handlers.clear()
    slack.faults.set("api.test", SlackFault(kind="429", seconds=7), times=1)
    slack.faults.set("api.test", SlackFault(kind="error", error="fatal_error"), times=1)
    slack.faults.set("api.test", SlackFault(kind="500"), times=1)
    slack.faults.set("api.test", SlackFault(kind="slow", seconds=0.01), times=1)
    seen: list[Any] = []
    for _ in range(5):
        try:
            seen.append((await client.api_test())["ok"])
        except SlackApiError as error:
            seen.append((error.response.status_code, error.response.get("error")))

    assert (seen, [call.status for call in slack.calls]) == (
        [(429, "ratelimited"), (200, "fatal_error"), (500, None), True, True],
        [429, 200, 500, 200, 200],
    )


async def test_a_workspace_can_be_seeded_with_other_scopes() -> None:
    app = App(scopes=frozenset({"chat:write"}))

    assert seed(app=app).app.scopes == {"chat:write"}
