"""HTTP mode on a real socket: bodies in chunks, and large bodies together."""

import asyncio
import logging
from typing import Any

import pytest

from bot.http_body import BodyReader, RejectedRequestError
from bot.http_protocol import FREE_PIECES
from tests.bot.http_connection import HALF_A_HEAD, served
from tests.bot.test_http import signed
from tests.world import World


def chunked(pieces: list[bytes], headers: dict[bytes, bytes]) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers.items())
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return HALF_A_HEAD + lines + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


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
