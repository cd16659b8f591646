"""A connection to the bot's own HTTP server, byte by byte."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from socket import create_server
from typing import Any

from bot.asgi_server import Server, configured
from bot.http import HttpApp
from bot.http_body import BodyReader
from sandbox.patience import PATIENCE
from sandbox.slack.model import App
from tests.world import World

HALF_A_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n"


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
async def served(bot: World | None, app: Any = None, **options: Any) -> AsyncIterator[Door]:
    """A server for this bot, or for another ASGI app, and connections to it."""
    if bot is not None:
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
