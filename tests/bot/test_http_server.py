"""HTTP mode on a real socket, without a web server in front: slow, half and malformed requests."""

import asyncio

import httpx
import pytest

from bot import asgi_server
from bot.asgi import Receive, Scope, Send, answer
from bot.asgi_server import ListenError, listening
from bot.http_protocol import LimitedProtocol
from tests.bot.http_connection import HALF_A_HEAD, Client, served
from tests.bot.test_http import signed
from tests.world import World

HEALTHZ = b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n"


class Quick(LimitedProtocol):
    head_timeout = body_timeout = 0.2


class Patient(LimitedProtocol):
    head_timeout = body_timeout = 600.0


def request(body: bytes, headers: dict[bytes, bytes], *, length: int | None = None) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers.items())
    announced = len(body) if length is None else length
    return HALF_A_HEAD + lines + b"Content-Length: %d\r\n\r\n" % announced + body


@pytest.mark.parametrize(
    "sent", [b"", b"P", HALF_A_HEAD, HALF_A_HEAD + b"Content-Length: 5\r\n"],
    ids=["nothing", "a byte", "two lines", "no end"],
)  # fmt: skip
async def test_a_connection_without_a_whole_head_is_closed(bot: World, sent: bytes) -> None:
    async with served(bot, protocol=Quick) as door:
        client = await door.connect()
        await client.send(sent)
        assert await client.rest() == b""


async def test_a_head_that_never_ends_is_closed_however_often_a_byte_comes(bot: World) -> None:
    async def drip(client: Client) -> None:
        while True:
            await client.send(b"a")
            await asyncio.sleep(0.01)

    async with served(bot, protocol=Quick) as door:
        client = await door.connect()
        await client.send(HALF_A_HEAD + b"X-Long: ")
        dripping = asyncio.create_task(drip(client))
        assert await client.rest() == b""
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def test_a_second_request_that_stays_half_is_closed_too(bot: World) -> None:
    async with served(bot, protocol=Quick) as door:
        client = await door.connect()
        await client.send(HEALTHZ)
        assert await client.status() == 200
        await client.send(HALF_A_HEAD)
        assert await client.rest() == b""


async def test_a_body_that_stays_half_is_answered_408(bot: World) -> None:
    async with served(bot) as door:
        client = await door.connect()
        await client.send(request(b"command", signed(b"command"), length=100))
        assert await client.status() == 408


@pytest.mark.parametrize("path", [b"/slack/events", b"/nothing"])
async def test_a_request_that_was_refused_without_its_body_is_closed_if_the_body_does_not_come(
    bot: World, path: bytes
) -> None:
    async with served(bot, protocol=Quick) as door:
        client = await door.connect()
        await client.send(b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc" % path)
        assert await client.status() in {401, 404}
        assert await client.rest() == b""


async def test_a_connection_goes_on_after_a_refused_request_whose_body_came(bot: World) -> None:
    async with served(bot) as door:
        client = await door.connect()
        await client.send(request(b"a" * 100_000, {}))
        assert await client.status() == 401
        await client.send(HEALTHZ)
        assert await client.status() == 200


async def test_slow_connections_give_way_to_new_ones_at_the_limit(bot: World) -> None:
    async with served(bot, connections=5, protocol=Patient) as door:
        slow = [await door.connect() for _ in range(5)]
        for client in slow:
            await client.send(HALF_A_HEAD)
        for _ in range(3):
            new = await door.connect()
            await new.send(HEALTHZ)
            assert await new.status() == 200
        assert await slow[0].rest() == b""


async def test_at_the_limit_a_request_that_is_being_answered_is_left_alone() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow_app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await go_on.wait()
        await answer(send, 200, "done")

    async with served(None, slow_app, connections=1, protocol=Patient) as door:
        first = await door.connect()
        await first.send(HEALTHZ)
        await begun.wait()
        refused = await door.connect()
        assert await refused.rest() == b""
        go_on.set()
        assert await first.status() == 200


async def test_a_request_is_answered_if_its_connection_was_opened_before_the_server_ends() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, 200, "ok")

    async def ask_late(client: Client) -> int:
        await asyncio.sleep(0.3)  # the server ends a tenth of a second after it was asked to
        await client.send(HEALTHZ)
        return await client.status()

    async with served(None, app) as door:
        client = Client(*await asyncio.open_connection("127.0.0.1", door.port))
        late = asyncio.create_task(ask_late(client))
    assert await late == 200
    await client.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_one_of_several_bots_refuses_connections_until_it_has_started(host: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, 200, "ok")

    with listening(host, 0, later=True) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(host, port)
        async with asgi_server.served(app, listener):
            with pytest.raises(ListenError, match="Address already in use"):
                listening(host, port, later=True)
            client = Client(*await asyncio.open_connection(host, port))
            await client.send(HEALTHZ)
            assert await client.status() == 200
            await client.close()


async def test_at_the_limit_idle_connections_give_way_after_slow_ones(bot: World) -> None:
    async with served(bot, connections=2, protocol=Patient) as door:
        idle, slow = await door.connect(), await door.connect()
        await idle.send(HEALTHZ)
        assert await idle.status() == 200
        await slow.send(HALF_A_HEAD)
        third = await door.connect()
        assert await slow.rest() == b""
        await third.send(HEALTHZ)
        assert await third.status() == 200
        fourth = await door.connect()
        await fourth.send(HEALTHZ)
        assert await fourth.status() == 200
        await third.send(HEALTHZ)
        assert await third.status() == 200, "it was idle for a shorter time"


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        HALF_A_HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        HALF_A_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        HEALTHZ + b"nonsense\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_closed_without_a_traceback(
    bot: World, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(bot, protocol=Quick) as door:
        client = await door.connect()
        await client.send(sent)
        await client.rest()
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_websocket_upgrade_is_answered_like_any_other_get(bot: World) -> None:
    async with served(bot) as door, httpx.AsyncClient(trust_env=False) as client:
        headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
        answer = await client.get(f"http://127.0.0.1:{door.port}/slack/events", headers=headers)
    assert answer.status_code == 405
