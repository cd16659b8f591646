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

from bot import listeners
from bot.claim_owner import Process
from bot.delivery.worker import DeliveryWorker
from bot.kinds import KINDS, AnyKind, OpenKind, opened
from bot.receipt_worker import ReceiptWorker
from bot.services import Services
from bot.setup import Setup
from bot.slack.payloads import MalformedPayloadError

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

    def missing(self) -> list[str]:
        """What is not ready, in words for the operator."""
        signed_in = self.services.users.signed_in
        missing = [] if signed_in else ["Slack has not accepted SLACK_BOT_TOKEN yet"]
        if fault := self.services.store.fault():
            missing.append(fault)
        return missing


@asynccontextmanager
async def running(setup: Setup, kinds: Sequence[OpenKind] = KINDS) -> AsyncIterator[Runtime]:
    """Run everything but the listening to Slack. At the end work in flight may come back; then
    the database is closed.
    """
    process = Process.current()
    deliveries: dict[str, DeliveryWorker] = {}

    def news_of(api: str, channel: str | None) -> None:
        if api in deliveries:
            deliveries[api].wake()
        receipts.wake(channel)

    async with (
        opened(kinds, setup) as open_kinds,
        Services.opened(setup, news_of) as services,
    ):
        by_name = {kind.name: kind for kind in open_kinds}
        receipts = _receipt_worker(setup, services, by_name, process)
        deliveries |= _delivery_workers(setup, open_kinds, receipts, process)
        if not deliveries:
            log.warning("no API is set up: nothing can be filed")
        loops = [services.users.sign_in(), receipts.run()]
        for worker in deliveries.values():
            loops += [worker.run(), worker.keep_alive()]
        loops += [loop() for kind in open_kinds for loop in kind.loops]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield Runtime(build_app(services, by_name), services, by_name)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            ends = [worker.drain(DRAIN) for worker in deliveries.values()]
            await asyncio.gather(services.tasks.drain(DRAIN), receipts.drain(DRAIN), *ends)
    setup.store.close()


def _receipt_worker(
    setup: Setup, services: Services, kinds: Mapping[str, AnyKind], process: Process
) -> ReceiptWorker:
    return ReceiptWorker(
        services.client,
        setup.store,
        services.users,
        kinds,
        owner=process.owner(),
        is_dead=process.is_dead,
        clock=setup.clock,
        manner=setup.config.receipts,
        lease=setup.config.delivery.lease,
    )


def _delivery_workers(
    setup: Setup, kinds: Sequence[AnyKind], receipts: ReceiptWorker, process: Process
) -> dict[str, DeliveryWorker]:
    """By API. One that is not set up has none."""
    return {
        kind.api: DeliveryWorker(
            kind.client,
            setup.store,
            owner=process.owner(),
            is_dead=process.is_dead,
            limits=setup.config.delivery,
            tell=receipts.wake,
            clock=setup.clock,
        )
        for kind in kinds
        if kind.client is not None
    }


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
