"""The two ways to listen to Slack, each until SIGTERM or SIGINT."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.http import HttpApp
from bot.policy import Policy
from bot.runtime import running
from bot.settings import Settings


async def serve(settings: Settings, policy: Policy, host: str, port: int) -> None:
    """HTTP mode."""
    async with running(settings, policy) as runtime:
        secret = settings.slack_signing_secret.get_secret_value()
        app = HttpApp(runtime.app, secret, runtime.missing)
        config = uvicorn.Config(
            app, host=host, port=port, lifespan="off", log_config=None, access_log=False,
            timeout_graceful_shutdown=5, server_header=False,
        )  # fmt: skip
        server = _Server(config)

        def stop() -> None:
            server.should_exit = True

        _on_signals(stop)
        await server.serve()


async def socket(settings: Settings, policy: Policy) -> None:
    """Socket Mode: the bot calls Slack, and needs no public address."""
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    async with running(settings, policy) as runtime:
        handler = AsyncSocketModeHandler(
            runtime.app,
            settings.slack_app_token.get_secret_value(),
            web_client=AsyncWebClient(base_url=settings.slack_api_url),
        )
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await stopped.wait()
        await handler.close_async()  # type: ignore[no-untyped-call]


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn raises SIGTERM again after its end, which is then no exit 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
