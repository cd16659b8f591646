"""An API that writes what a test says into the connection, to the byte, and closes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.fuzz.answers import RawAnswer

NOT_FOUND = RawAnswer(404, b"{}")


@dataclass
class RawApi:
    answers: dict[str, RawAnswer] = field(default_factory=dict)
    """By the beginning of a request, such as `POST /v1/issues`. The longest one that fits counts.
    """
    requests: list[str] = field(default_factory=list)
    """The method and the path of each request that came whole."""
    url: str = ""

    def expect(self, answers: dict[str, RawAnswer]) -> None:
        self.answers, self.requests = answers, []

    def count(self, begin: str) -> int:
        return sum(request.startswith(begin) for request in self.requests)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            request = b" ".join(head.split(b" ", 2)[:2]).decode("latin-1")
            self.requests.append(request)
            fitting = [begin for begin in self.answers if request.startswith(begin)]
            answer = self.answers[max(fitting, key=len)] if fitting else NOT_FOUND
            writer.write(answer.wire)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return  # the client has left
        finally:
            writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


@asynccontextmanager
async def raw_api() -> AsyncIterator[RawApi]:
    api = RawApi()
    server = await asyncio.start_server(api._serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    api.url = f"http://127.0.0.1:{port}"
    async with server:
        yield api
