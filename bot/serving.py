"""The two ways to listen to Slack, each until SIGTERM or SIGINT."""

import asyncio
import contextlib
import gc
import logging
import os
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from socket import AF_INET, AF_INET6, create_server
from socket import socket as Socket  # noqa: N812 - ours is the command's name
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot import network
from bot.config import Config
from bot.http import HttpApp
from bot.runtime import running
from bot.settings import Settings

log = logging.getLogger(__name__)

RETRY_EVERY = 10.0
"""Seconds between two tries to connect to Slack in Socket Mode, and between two pings."""


GARBAGE = 20_000
"""New objects after which garbage is looked for: those of about 40 forms."""


class ListenError(Exception):
    """The address is taken, or is none of this machine: a sentence for the operator."""


async def serve(settings: Settings, config: Config, host: str, port: int) -> None:
    """HTTP mode.

    :raises ListenError: before anything else was done
    :raises UnusableDatabaseError: when the file cannot be used
    """
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    with _listener(host, port) as listener:
        async with running(settings, config) as runtime:
            secret = settings.slack_signing_secret.get_secret_value()
            server = _Server(configured(HttpApp(runtime.app, secret, runtime.missing)))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            serving.add_done_callback(lambda _: stopped.set())
            log.info("listening on %s, port %d", host, listener.getsockname()[1])
            _spare_what_stays()
            await stopped.wait()
            server.should_exit = True
            await serving


async def socket(settings: Settings, config: Config) -> None:
    """Socket Mode: the bot calls Slack, and needs no public address.

    :raises UnusableDatabaseError: when the file cannot be used
    """
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    async with running(settings, config) as runtime:
        token = settings.slack_app_token.get_secret_value()
        async with connected(runtime.app, token, settings.slack_api_url):
            _spare_what_stays()
            await stopped.wait()


def configured(app: Any) -> uvicorn.Config:
    """How an ASGI app is served.

    By h11, even where httptools is there: that one takes 0.07 ms less for a request, and headers
    without an end.
    """
    return uvicorn.Config(
        app, http="h11", lifespan="off", log_config=None, access_log=False, proxy_headers=False,
        timeout_graceful_shutdown=5, server_header=False,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def connected(
    app: AsyncApp, token: str, url: str, *, retry_every: float = RETRY_EVERY
) -> AsyncIterator[None]:
    """Take what Slack sends by WebSocket, from when it can be reached until the block ends."""
    web = AsyncWebClient(base_url=url, retry_handlers=[], ssl=network.tls())
    handler = AsyncSocketModeHandler(
        app,
        token,
        logger=_quiet_log(),
        web_client=web,
        ping_interval=retry_every,
    )
    # slack_sdk's own reading of the environment leaves NO_PROXY out.
    web.proxy = handler.client.proxy = network.proxy_for(url)
    work = [
        asyncio.create_task(handler.connect_async()),  # type: ignore[no-untyped-call]
        asyncio.create_task(_renew_address(handler.client, retry_every)),
    ]
    try:
        yield
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _renew_address(client: SocketModeClient, every: float) -> None:
    """A WebSocket's address works once, and slack_sdk tries one that failed for ever."""
    while True:
        await asyncio.sleep(every)
        if not await client.is_connected():
            # It then asks for another.
            client.wss_uri = None


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn raises SIGTERM again after its end, which is then no exit 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _spare_what_stays() -> None:
    """Modules and classes stay: looking for garbage among them would hold up everybody, each time
    longer than a whole answer takes. What many people send at once is no garbage either, and is
    not looked through again for each of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


def _listener(host: str, port: int) -> Socket:
    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET)
    except OSError as error:
        # socket adds the address to it once more; a name's fault has a negative number.
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        raise ListenError(f"cannot listen on {host}, port {port}: {why}") from error


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


def _quiet_log() -> logging.Logger:
    """slack_sdk's log of the connection: a line for each fault, without the address's ticket."""
    quiet = logging.getLogger("bot.socket_mode")
    if not quiet.filters:
        quiet.addFilter(_one_line)
    return quiet


def _one_line(record: logging.LogRecord) -> bool:
    record.msg = re.sub(r"ticket=[^&'\s]+", "ticket=…", record.getMessage())
    record.args = record.exc_info = None
    return True
