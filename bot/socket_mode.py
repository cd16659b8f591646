"""Socket Mode: the bot opens a WebSocket to Slack, and needs no public address."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import network
from bot.app import Runtime
from bot.config import Config
from bot.process import Connection, run
from bot.settings import Settings
from bot.socket_client import SocketClient, SocketHandler

log = logging.getLogger(__name__)

RETRY_EVERY = 10.0
"""Seconds between two tries to connect to Slack, between two pings, and between two checks."""
APART = 30.0
"""Seconds between the beginnings of two connections. Slack ends each after some hours, and so never
all of them in the same moment.
"""


async def listen(settings: Settings, config: Config) -> None:
    """Receive Slack's requests until SIGTERM, SIGINT or SIGHUP.

    :raises SettingsError: if the address of CONSTAT_HEALTH cannot be used
    :raises UnusableDatabaseError: if the file cannot be used
    """
    token = settings.slack_app_token.get_secret_value()

    @contextlib.asynccontextmanager
    async def to_slack(runtime: Runtime, _: asyncio.Event) -> AsyncIterator[Connection]:
        count = settings.constat_socket_connections
        async with connections(runtime.app, token, settings.slack_api_url, count) as clients:

            async def missing() -> list[str]:
                is_connected = [await client.is_connected() for client in clients]
                return [] if any(is_connected) else ["Socket Mode is not connected"]

            yield Connection("Socket Mode, connected", missing)

    await run(settings, config, to_slack)


@contextlib.asynccontextmanager
async def connections(
    app: AsyncApp,
    token: str,
    url: str,
    count: int,
    *,
    apart: float = APART,
    retry_every: float = RETRY_EVERY,
) -> AsyncIterator[list[SocketClient]]:
    """So many clients as of `connected`. Slack sends each request to one of them: with two, there
    is always one while the other connects again.

    :param apart: seconds between the beginnings of two connections
    """
    async with contextlib.AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                connected(app, token, url, retry_every=retry_every, delay=number * apart)
            )
            for number in range(count)
        ]


@contextlib.asynccontextmanager
async def connected(
    app: AsyncApp, token: str, url: str, *, retry_every: float = RETRY_EVERY, delay: float = 0.0
) -> AsyncIterator[SocketClient]:
    """A client that connects as soon as Slack can be reached, and stays connected in the block.

    :param delay: seconds until the first try
    """
    web = AsyncWebClient(base_url=url, retry_handlers=[], ssl=network.tls())
    handler = SocketHandler(
        app,
        token,
        logger=_connection_log(),
        web_client=web,
        ping_interval=retry_every,
    )
    # slack_sdk's own reading of the environment leaves NO_PROXY out.
    web.proxy = network.proxy_for(url)

    async def connect() -> None:
        await asyncio.sleep(delay)
        await handler.connect_async()  # type: ignore[no-untyped-call]

    work = [
        asyncio.create_task(connect()),
        asyncio.create_task(_watch(handler.client, retry_every)),
    ]
    try:
        yield handler.client
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _watch(client: SocketClient, every: float) -> None:
    """Repair what slack_sdk does not repair by itself."""
    ended: set[asyncio.Future[None]] = set()
    while True:
        await asyncio.sleep(every)
        try:
            if not await client.is_connected():
                # The address of a WebSocket works once. slack_sdk would try the same one for ever,
                # and asks Slack for another one if it has none.
                client.wss_uri = None
            ended = await _restart_ended_loops(client, ended)
        except Exception:  # a check that ends would leave a dead connection unnoticed
            log.exception("the check of the connection to Slack failed; it is repeated later")


async def _restart_ended_loops(
    client: SocketClient, ended_before: set[asyncio.Future[None]]
) -> set[asyncio.Future[None]]:
    """slack_sdk has three loops. If one has ended, Slack's requests are no longer answered.

    :param ended_before: loops of the connection that had ended at the last check. While slack_sdk
        connects again, loops end and are replaced within a moment; such ones are left alone
    :returns: loops of the connection that have ended now
    """
    if client.message_processor.done():
        log.error("slack_sdk's message loop has ended: starting it again")
        work = client.process_messages()  # type: ignore[no-untyped-call]
        client.message_processor = asyncio.ensure_future(work)
    connection = (client.current_session_monitor, client.message_receiver)
    ended = {loop for loop in connection if loop is not None and loop.done()}
    if ended & ended_before:
        log.error("a loop of slack_sdk's connection has ended: connecting again")
        # The new connection gets new loops.
        await client.renew()
    return ended


def _connection_log() -> logging.Logger:
    """slack_sdk's log of the connection: one line for each fault, without the secret ticket of the
    address.
    """
    logger = logging.getLogger("bot.socket_mode.connection")
    if not logger.filters:
        logger.addFilter(_one_line)
    return logger


def _one_line(record: logging.LogRecord) -> bool:
    record.msg = re.sub(r"ticket=[^&'\s]+", "ticket=…", record.getMessage())
    record.args = record.exc_info = None
    return True
