"""HTTP mode: Slack sends requests to this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.app import Runtime
from bot.asgi_server import listening, served
from bot.config import Config
from bot.http import HttpApp
from bot.process import Connection, run
from bot.settings import Settings
from storage.address import PostgresAddress


async def serve(settings: Settings, config: Config, host: str, port: int) -> None:
    """Answer Slack's requests, until SIGTERM, SIGINT or SIGHUP.

    :raises ListenError: before anything else is done
    :raises SettingsError: if the address of CONSTAT_HEALTH cannot be used
    :raises UnusableDatabaseError: if the file cannot be used
    """
    secret = settings.slack_signing_secret.get_secret_value()
    # The only bot lets requests wait until it has started. Of several, another one can take them.
    is_one_of_several = isinstance(settings.constat_db, PostgresAddress)
    with listening(host, port, later=is_one_of_several) as listener:

        @contextlib.asynccontextmanager
        async def connected(runtime: Runtime, stopped: asyncio.Event) -> AsyncIterator[Connection]:
            async with served(HttpApp(runtime.app, secret, runtime.missing), listener) as server:
                server.running.add_done_callback(lambda _: stopped.set())
                yield Connection(f"HTTP mode, port {server.port}")

        await run(settings, config, connected)
