"""The bot, put together, started, and brought to an end: the one place that wires its parts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners, retention
from bot.kinds import KINDS, AnyKind, OpenKind, opened
from bot.scrubber import scrubbed_log
from bot.services import Services
from bot.setup import Setup
from bot.slack.payloads import MalformedPayloadError
from bot.workers import Workers

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that work in flight gets at the end."""


@dataclass(frozen=True)
class Runtime:
    """A running bot."""

    app: AsyncApp
    services: Services
    kinds: Mapping[str, AnyKind]
    """By name."""
    workers: Workers

    def missing(self) -> list[str]:
        """What is not ready: a sentence for each thing, for the operator."""
        fault = self.services.store.fault()
        return [*self.workers.missing(), *([fault] if fault else [])]


@asynccontextmanager
async def running(setup: Setup, kinds: Sequence[OpenKind] = KINDS) -> AsyncIterator[Runtime]:
    """Run everything but the listening to Slack. At the end work in flight may come back; then
    the database is closed.
    """
    workers: Workers | None = None

    def news_of(api: str, channel: str | None) -> None:
        if workers is not None:
            workers.news_of(api, channel)

    with scrubbed_log(setup.scrubber):
        async with (
            opened(kinds, setup) as open_kinds,
            Services.opened(setup, news_of) as services,
        ):
            by_name = {kind.name: kind for kind in open_kinds}
            workers = Workers(setup, services, by_name)
            if not workers.deliveries:
                log.warning("no API is set up: nothing can be filed")
            app = build_app(services, by_name)
            workers.start(retention.loops(setup.config.retention, setup.store, setup.clock))
            try:
                yield Runtime(app, services, by_name, workers)
            finally:
                await asyncio.gather(workers.stop(DRAIN), services.tasks.drain(DRAIN))
    setup.store.close()


def build_app(services: Services, kinds: Mapping[str, AnyKind]) -> AsyncApp:
    """A Bolt app. A listener's answer is ready when the listener is, so Bolt polls for nothing.

    Signatures are checked before it (`bot.http`), or the connection is Slack's own (Socket Mode).
    `auth.test` is called at the start, and never while a person waits.
    """
    ours = services.client
    # Without a token Bolt asks `authorize`, and not Slack, who it is.
    bolts = AsyncWebClient(base_url=ours.base_url, session=ours.session, retry_handlers=[])

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=ours.token)

    app = AsyncApp(
        client=bolts,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    listeners.register(app, kinds, services)
    app.error(_failed)
    return app


async def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Slack shows its own notice, with the form still open; the operator gets the traceback."""
    what = body.get("type") or body.get("command") or "a request"
    if isinstance(error, MalformedPayloadError):
        log.info("rejected %s that is not of Slack's shape: %s", what, error)
        return BoltResponse(status=400, body="")
    log.error("%s could not be answered", what, exc_info=error)
    return BoltResponse(status=500, body="")
