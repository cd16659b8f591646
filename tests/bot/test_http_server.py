"""HTTP mode on a real socket, without a web server in front: slow, half and malformed requests."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from socket import create_server
from typing import Any

import httpx
import pytest

from bot.asgi_server import Server, configured
from bot.http import HttpApp
from bot.http_body import BodyReader, RejectedRequestError
from bot.http_protocol import FREE_PIECES, LimitedProtocol
from sandbox.slack.model import App
from tests.bot.test_http import signed
from tests.world import World

HALF_A_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n"
HEALTHZ = b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n"
PATIENCE = 20.0
"""Seconds after which a test has failed."""


class Quick(LimitedProtocol):
    head_timeout = body_timeout = 0.2


class Patient(LimitedProtocol):
    head_timeout = body_timeout = 600.0


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def status(self) -> int:
        """Of the next answer, read whole."""
        async with asyncio.timeout(PATIENCE):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            await self._reader.readexactly(int(length[1]) if length else 0)
        return int(head.split(b" ", 2)[1])

    async def rest(self) -> bytes:
        """Everything until the server closes the connection."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self._reader.read()
            except ConnectionError:
                return b""

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


@dataclass
class Door:
    port: int
    _clients: list[Client] = field(default_factory=list)

    async def connect(self) -> Client:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self._clients.append(client)
        return client

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


@asynccontextmanager
async def served(bot: World, **options: Any) -> AsyncIterator[Door]:
    """A server for this bot, and connections to it."""
    app = HttpApp(bot.runtime.app, App.signing_secret, list, BodyReader(timeout=0.3))
    with create_server(("127.0.0.1", 0)) as listener:
        server = Server(configured(app), listener, **options)
        task = asyncio.create_task(server.serve())
        door = Door(server.port)
        try:
            yield door
        finally:
            await door.close()
            server.should_exit = True
            await task


def request(body: bytes, headers: dict[bytes, bytes], *, length: int | None = None) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers.items())
    announced = len(body) if length is None else length
    return HALF_A_HEAD + lines + b"Content-Length: %d\r\n\r\n" % announced + body


def chunked(pieces: list[bytes], headers: dict[bytes, bytes]) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers.items())
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return HALF_A_HEAD + lines + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


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


async def test_at_the_limit_a_request_that_is_being_answered_is_left_alone(bot: World) -> None:
    """A connection between two requests waits for nothing: it is no slow one."""
    async with served(bot, connections=1, protocol=Patient) as door:
        first = await door.connect()
        await first.send(HEALTHZ)
        assert await first.status() == 200
        refused = await door.connect()
        assert await refused.rest() == b""
        await first.send(HEALTHZ)
        assert await first.status() == 200


async def test_a_body_in_tiny_chunks_is_given_up_after_a_few_of_them(bot: World) -> None:
    async with served(bot) as door:
        client = await door.connect()
        body = [b"a"] * (FREE_PIECES + 1)
        await client.send(chunked(body, signed(b"a" * len(body))))
        assert await client.status() == 400
        assert b"Invalid HTTP request" in await client.rest()


async def test_a_body_in_tiny_chunks_never_reaches_bolt_and_logs_no_traceback(
    bot: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with served(bot) as door:
        for path in (b"/slack/events", b"/nothing", b"/healthz"):
            client = await door.connect()
            sent = chunked([b"a"] * 5000, {}).replace(b"/slack/events", path)
            await client.send(sent)
            await client.rest()
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_body_in_chunks_of_a_usual_size_is_read(bot: World) -> None:
    body = b"ssl_check=1&text=" + b"a" * 300_000
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    async with served(bot) as door:
        client = await door.connect()
        await client.send(chunked(pieces, signed(body)))
        assert await client.status() == 200


async def test_a_short_body_in_chunks_of_one_byte_is_read(bot: World) -> None:
    body = b"ssl_check=1"
    async with served(bot) as door:
        client = await door.connect()
        await client.send(chunked([b"%c" % byte for byte in body], signed(body)))
        assert await client.status() == 200


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


class Sender:
    """The receiving side of ASGI: a body in pieces, each when the test says so."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()

    def piece(self, size: int) -> None:
        self._pieces.put_nowait(b"a" * size)

    async def receive(self) -> dict[str, Any]:
        piece = await self._pieces.get()
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}


async def test_large_bodies_together_are_bounded_and_small_ones_are_read_all_the_same() -> None:
    bodies = BodyReader(limit_of_all=300_000)
    large, small, later = Sender(), Sender(), Sender()
    first = asyncio.create_task(bodies.read(large.receive))
    large.piece(280_000)
    second = asyncio.create_task(bodies.read(later.receive))
    later.piece(70_000)
    with pytest.raises(RejectedRequestError) as rejected:
        await second
    small.piece(60_000)
    small.piece(0)
    assert len(await bodies.read(small.receive)) == 60_000
    large.piece(0)
    assert len(await first) == 280_000
    assert rejected.value.status == 503


async def test_after_a_rejected_body_there_is_room_again() -> None:
    bodies = BodyReader(timeout=0.05, limit_of_all=100_000)
    slow, next_one = Sender(), Sender()
    slow.piece(90_000)
    with pytest.raises(RejectedRequestError):
        await bodies.read(slow.receive)
    next_one.piece(90_000)
    next_one.piece(0)
    assert len(await bodies.read(next_one.receive)) == 90_000
