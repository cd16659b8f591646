"""The check of one connection of Socket Mode: only Slack's greeting is good."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.slack import socket_check
from bot.slack.socket_check import SocketModeError, check_connection
from sandbox.process import free_port
from sandbox.server import serve
from tests.bot.test_network import a_proxy

API = "https://slack.com/api/"
TICKET = "a-very-secret-ticket"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """The address of a WebSocket that is answered so."""
    app = web.Application()
    app.router.add_get("/link", answer)
    async with serve(app) as url:
        yield f"{url.replace('http', 'ws', 1)}/link?ticket={TICKET}&app_id=A1"


def saying(text: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        if text:
            await connection.send_str(text)
            await connection.receive()
        await connection.close()
        return connection

    return answer


def without_websockets(status: int) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html>no</html>")

    return answer


async def silent(request: web.Request) -> web.StreamResponse:
    connection = web.WebSocketResponse()
    await connection.prepare(request)
    await connection.receive()
    return connection


async def test_slacks_greeting_is_good() -> None:
    async with server(saying('{"type": "hello", "num_connections": 1}')) as address:
        await check_connection(address, API)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (without_websockets(403), "the WebSocket is refused with status 403"),
        (without_websockets(200), "the WebSocket is refused with status 200"),
        (without_websockets(502), "the WebSocket is refused with status 502"),
        (saying(""), "the WebSocket was closed before Slack's greeting"),
        (saying("<html>"), "the WebSocket's first message is not Slack's"),
        (saying("[]"), "the WebSocket's first message is not Slack's greeting"),
        (saying('{"type": "disconnect", "reason": "too_many_websockets"}'),
         "Slack closes the WebSocket: too_many_websockets"),
        (saying('{"type": "disconnect", "reason": "link_disabled"}'),
         "Slack closes the WebSocket: link_disabled"),
    ],
)  # fmt: skip
async def test_everything_else_is_a_fault_with_its_cause(answer: Answer, fault: str) -> None:
    async with server(answer) as address:
        with pytest.raises(SocketModeError) as failed:
            await check_connection(address, API)
    assert str(failed.value) == fault


async def test_a_connection_without_a_greeting_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket_check, "TIMEOUT", 0.2)
    async with server(silent) as address:
        with pytest.raises(SocketModeError) as failed:
            await check_connection(address, API)
    assert str(failed.value) == "no answer in 0.2 s"


async def test_a_proxy_that_refuses_the_connection_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_proxy() as (address, lines):
        monkeypatch.setenv("HTTPS_PROXY", address)
        with pytest.raises(SocketModeError) as failed:
            await check_connection(f"wss://wss.slack.com/link/?ticket={TICKET}&app_id=A1", API)
    assert str(failed.value).startswith("the proxy: ")
    assert TICKET not in str(failed.value)
    assert lines == ["CONNECT wss.slack.com:443 HTTP/1.1"]


async def test_a_server_that_is_not_there_is_named_without_the_ticket() -> None:
    address = f"ws://127.0.0.1:{free_port()}/link?ticket={TICKET}"
    with pytest.raises(SocketModeError) as failed:
        await check_connection(address, API)
    assert "Cannot connect to host 127.0.0.1" in str(failed.value)
    assert TICKET not in str(failed.value)
