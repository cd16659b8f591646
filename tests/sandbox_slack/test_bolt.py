"""A real Bolt app against the stand-in, by HTTP and in Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import BotLink, Person, Slack
from sandbox.slack.seed import ALICE, ANNONCES
from tests.sandbox_slack.factories import field, modal, option, text_field

Json = dict[str, Any]


def form() -> Json:
    return modal(text_field(), field("who", {"type": "external_select"}, optional=True))


@pytest.fixture
def bolt(slack: Slack) -> AsyncApp:
    """Opens a form, suggests, refuses one name, thanks for the others."""
    keys = slack.workspace.app
    client = AsyncWebClient(token=keys.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=keys.signing_secret)

    async def start(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack("One moment")
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def suggest(ack: AsyncAck) -> None:
        await ack(options=[option("x")])

    async def take(ack: AsyncAck, client: AsyncWebClient, view: Json) -> None:
        name = view["state"]["values"]["name"]["name"]["value"]
        if name == "bad":
            await ack(response_action="errors", errors={"name": "Not that one"})
            return
        await ack()
        await client.chat_postMessage(channel=ANNONCES, text=f"Thanks {name}")

    app.command("/start")(start)
    app.options("who")(suggest)
    app.view("form")(take)
    return app


@pytest.fixture(params=["http", "socket"])
async def person(
    request: pytest.FixtureRequest, slack: Slack, bolt: AsyncApp
) -> AsyncIterator[Person]:
    if request.param == "socket":
        handler = AsyncSocketModeHandler(bolt, slack.workspace.app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.socket.connected()
        yield Person(slack, ALICE, BotLink(socket=slack.socket))
        await handler.close_async()  # type: ignore[no-untyped-call]
        return
    runner = web.AppRunner(bolt.web_app("/slack/events"), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Person(slack, ALICE, BotLink(f"http://127.0.0.1:{runner.addresses[0][1]}"))
    await runner.cleanup()


async def test_a_bolt_app_is_served_from_command_to_message(slack: Slack, person: Person) -> None:
    reply = await person.command("/start", channel=ANNONCES)
    await person.view()
    await person.type("name", "bad")
    suggested = await person.search("who", "xyz")
    refused = await person.submit()
    await person.type("name", "Ada")
    taken = await person.submit()
    await slack.called("chat.postMessage")
    [posted] = slack.workspace.history(ANNONCES)

    assert (reply.text, suggested, refused.errors, taken.kind, posted.text) == (
        "One moment",
        {"x": "X"},
        {"name": "Not that one"},
        "closed",
        "Thanks Ada",
    )


async def test_bolt_drops_a_command_whose_text_says_payload(
    request: pytest.FixtureRequest, person: Person
) -> None:
    reply = await person.command("/start", "the payload", channel=ANNONCES)

    by_http = "http" in request.node.name
    failed = '/start failed with the error "dispatch_failed"'
    assert reply.failure == (failed if by_http else None)


async def test_nobody_on_the_socket_is_a_failed_command(slack: Slack) -> None:
    alice = Person(slack, ALICE, BotLink(socket=slack.socket))

    reply = await alice.command("/start", channel=ANNONCES)

    assert reply.failure == '/start failed with the error "dispatch_failed"'


async def test_a_socket_ticket_works_once(slack: Slack) -> None:
    url = slack.socket.new_url(slack.base_url)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url)

    assert (hello["type"], refused.value.status) == ("hello", 403)


async def test_a_bot_is_told_before_its_connection_is_closed(slack: Slack) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(slack.socket.new_url(slack.base_url)) as socket,
    ):
        await socket.receive_json()
        await slack.socket.connected()
        closing = asyncio.create_task(slack.socket.disconnect())
        message = await socket.receive_json()
        last = await socket.receive()
        await closing

    assert (message["type"], message["reason"], last.type) == (
        "disconnect",
        "refresh_requested",
        aiohttp.WSMsgType.CLOSE,
    )
