"""Two connections of Socket Mode: nothing fails while Slack ends one of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.socket_mode import connections
from sandbox.slack import BotLink, Person
from sandbox.slack.seed import ANNONCES, BOB
from sandbox.slack.socket_mode import MOST, SocketMode
from tests.world import World


@pytest.fixture
async def socket(bot: World) -> AsyncIterator[SocketMode]:
    """Slack's side of two connections."""
    app, slack = bot.runtime.app, bot.sandbox.slack
    token = slack.workspace.app.app_token
    async with connections(app, token, slack.api_url, 2, apart=0.0, retry_every=0.1):
        await slack.socket.connected(times=2)
        yield slack.socket


async def test_commands_reach_the_bot_while_one_connection_after_the_other_ends(
    bot: World, socket: SocketMode
) -> None:
    bob = Person(bot.sandbox.slack, BOB, BotLink(socket=socket))
    for _ in range(6):
        await socket.disconnect_oldest()
        replies = [await bob.command("/anomaly", "help", channel=ANNONCES) for _ in range(3)]
        assert [reply.failure for reply in replies] == [None] * 3
        await socket.connected(times=2)


async def test_each_request_is_worked_on_once(bot: World, socket: SocketMode) -> None:
    bob = Person(bot.sandbox.slack, BOB, BotLink(socket=socket))
    for number in range(6):
        await bob.write_to_bot(f"hello {number}")
    await bot.until(lambda: len(bot.slack.calls_of("chat.postMessage")) >= 6)
    assert len(bot.slack.calls_of("chat.postMessage")) == 6


async def test_a_request_that_is_worked_on_while_its_connection_ends_is_answered(
    bot: World, socket: SocketMode
) -> None:
    bob = Person(bot.sandbox.slack, BOB, BotLink(socket=socket))
    command = asyncio.create_task(bob.command("/anomaly", "help", channel=ANNONCES))
    await socket.disconnect_oldest("warning")
    assert (await command).failure is None


async def test_slack_takes_no_more_connections_than_ten(bot: World) -> None:
    app, slack = bot.runtime.app, bot.sandbox.slack
    token = slack.workspace.app.app_token
    async with connections(app, token, slack.api_url, MOST + 1, apart=0.0, retry_every=5.0):
        await slack.socket.connected(times=MOST)
        await asyncio.sleep(0.3)
        assert slack.socket.connections == MOST
