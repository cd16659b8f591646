"""One connection of Socket Mode, opened to see whether it works, and closed again."""

import json
import re

import aiohttp

from bot import network

TIMEOUT = 10.0
"""Seconds for the connection and Slack's greeting together."""


class SocketModeError(Exception):
    """The connection does not work: a sentence without the secret ticket of its address."""


async def check_connection(address: str, api_url: str) -> None:
    """Connect as the bot does, wait for Slack's `hello`, and close the connection.

    Until it is closed, Slack may send a request to it, which nobody answers. That takes as long as
    one message to Slack and back.

    :param address: of `apps.connections.open`. It works once
    :param api_url: of Slack's Web API, whose proxy the bot uses for the connection as well
    :raises SocketModeError: if there is no `hello`
    """
    limit = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.ws_connect(
                address,
                proxy=network.proxy_for(api_url),
                ssl=network.tls(),
                timeout=aiohttp.ClientWSTimeout(ws_receive=TIMEOUT, ws_close=1.0),
            ) as connection,
        ):
            greeting = await connection.receive()
    except aiohttp.WSServerHandshakeError as error:
        # Its own words have the address.
        raise SocketModeError(f"the WebSocket is refused with status {error.status}") from error
    except TimeoutError as error:
        raise SocketModeError(f"no answer in {TIMEOUT:g} s") from error
    except (aiohttp.ClientError, OSError) as error:
        raise SocketModeError(_without_ticket(network.reason(error))) from error
    _check_greeting(greeting)


def _check_greeting(message: aiohttp.WSMessage) -> None:
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise SocketModeError("the WebSocket was closed before Slack's greeting")
    try:
        greeting = json.loads(message.data)
    except ValueError as error:
        raise SocketModeError("the WebSocket's first message is not Slack's") from error
    kind = greeting.get("type") if isinstance(greeting, dict) else None
    if kind == "disconnect":
        raise SocketModeError(f"Slack closes the WebSocket: {greeting.get('reason')}")
    if kind != "hello":
        raise SocketModeError("the WebSocket's first message is not Slack's greeting")


def _without_ticket(text: str) -> str:
    return re.sub(r"ticket=[^&'\s]+", "ticket=…", text)
