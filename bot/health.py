"""The answers for an operator's monitor: is the process alive, is it ready, and its metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from socket import socket

from bot import host_port
from bot.asgi import Receive, Scope, Send, answer
from bot.asgi_server import ListenError, listening, served
from bot.settings import SettingsError

CONNECTIONS = 20
"""Connections at the same time to the port of CONSTAT_HEALTH."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The content type of Prometheus' text format.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/
"""
READING = frozenset({"GET", "HEAD"})

Missing = Callable[[], Awaitable[list[str]]]
"""The parts that are not ready yet, as sentences for the operator; empty if the bot is ready."""


@dataclass(frozen=True)
class HealthApp:
    """An ASGI app: `GET /healthz`, `GET /readyz`, and `GET /metrics` if there are metrics."""

    missing: Missing
    metrics: Callable[[], Awaitable[bytes]] | None = None
    """Renders the metrics; None on a port that the internet reaches."""

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        pages = {"/healthz": self._alive, "/readyz": self._ready}
        if self.metrics is not None:
            pages["/metrics"] = self._metrics
        page = pages.get(scope["path"])
        if page is None:
            await answer(send, 404, "not found")
        elif scope["method"] not in READING:
            await answer(send, 405, "method not allowed")
        else:
            await page(send)

    async def _alive(self, send: Send) -> None:
        await answer(send, 200, "ok")

    async def _ready(self, send: Send) -> None:
        missing = await self.missing()
        await answer(send, 503 if missing else 200, "; ".join(missing) or "ready")

    async def _metrics(self, send: Send) -> None:
        assert self.metrics is not None  # noqa: S101 - without metrics there is no such page
        await answer(send, 200, await self.metrics(), METRICS_TYPE)


@contextmanager
def health_listener(address: str) -> Iterator[socket | None]:
    """The socket for the address of CONSTAT_HEALTH, which listens until the block ends.

    :param address: empty if nothing is to listen
    :raises SettingsError: if the address cannot be used
    """
    if not address:
        yield None
        return
    try:
        listener = listening(*host_port.split(address))
    except ListenError as error:
        raise SettingsError([f"CONSTAT_HEALTH: {error}"]) from error
    with listener:
        yield listener


@asynccontextmanager
async def health_served(listener: socket | None, app: HealthApp) -> AsyncIterator[None]:
    """Answer a monitor until the block ends. Without a socket, nothing is answered."""
    if listener is None:
        yield
        return
    async with served(app, listener, connections=CONNECTIONS):
        yield
