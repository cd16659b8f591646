"""One keep-alive connection that asks one thing at a time, with as little work as possible."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Line(asyncio.Protocol):
    """:raises ConnectionError: from `ask`, when the other side closes"""

    def __init__(self) -> None:
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, url: str) -> "Line":
        """:param url: like http://127.0.0.1:3000"""
        host, _, port = url.removeprefix("http://").partition(":")
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(cls, host, int(port))
        return line

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the connection is closed")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    async def get(self, path: str) -> Any:
        """The JSON at a path."""
        answer = await self.ask(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        return json.loads(answer.body)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if (answer := _whole(self._received)) is not None and self._waiting is not None:
            self._received.clear()
            self._waiting.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("the connection was closed"))


def _whole(received: bytearray) -> Answer | None:
    """The answer, once all of it is there. Only one is ever on its way."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = bytes(received[:end]), bytes(received[end + 4 :])
    status = int(head[9:12])
    if length := _LENGTH.search(head):
        return Answer(status, body) if len(body) >= int(length[1]) else None
    if _CHUNKED.search(head):
        return Answer(status, body) if body.endswith(b"0\r\n\r\n") else None
    return Answer(status, body)
