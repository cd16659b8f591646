"""Everything that runs, put together, started, and brought to an end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.app import build_app
from bot.backends import backends
from bot.background import Tasks
from bot.claim_owner import Process
from bot.clock import Clock
from bot.config import Config
from bot.delivery.worker import DeliveryWorker
from bot.form_data import FormData
from bot.kinds import kinds
from bot.receipt_worker import ReceiptWorker
from bot.services import Services
from bot.settings import Settings
from bot.slack import web_api
from bot.slack.users import People
from bot.slack.views import Views
from storage.store import Store

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that work in flight gets at the end."""
CHECK_EVERY = 30.0
"""Seconds between two checks of Slack's token until it works."""


@dataclass
class Runtime:
    """A running bot."""

    app: AsyncApp
    services: Services
    form_data: Mapping[str, FormData]
    """By kind of report."""
    signed_in: bool = False
    """Whether Slack took our token."""

    def missing(self) -> list[str]:
        """What is not ready, in words for the operator."""
        missing = [] if self.signed_in else ["Slack has not accepted SLACK_BOT_TOKEN yet"]
        if fault := self.services.store.fault():
            missing.append(fault)
        return missing


@asynccontextmanager
async def running(
    settings: Settings, config: Config, clock: Clock | None = None
) -> AsyncIterator[Runtime]:
    """Run the bot's inner side; at the end let work in flight come back, then close the file.

    :raises UnusableDatabaseError: when the file cannot be used
    """
    clock = clock or Clock()
    process = Process.current()
    owner = process.owner()
    store = Store(settings.constat_db)
    tasks = Tasks()
    async with (
        web_api.web_client(
            settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        ) as web,
        backends(settings, config, store, clock) as behind,
    ):
        people = People(web, store, settings.constat_language, clock)
        await people.load()
        all_kinds = list(kinds(config, behind.form_data))
        receipt_worker = ReceiptWorker(
            web,
            store,
            people,
            {kind.name: kind for kind in all_kinds},
            owner=owner,
            is_dead=process.is_dead,
            clock=clock,
            manner=config.receipts,
            lease=config.delivery.lease,
        )
        workers = {
            name: DeliveryWorker(
                api,
                store,
                owner=owner,
                is_dead=process.is_dead,
                limits=config.delivery,
                tell=receipt_worker.wake,
                clock=clock,
            )
            for name, api in behind.apis.items()
        }
        services = Services(
            client=web,
            store=store,
            people=people,
            views=Views(web, people, clock),
            config=config,
            workers=workers,
            receipt_worker=receipt_worker,
            tasks=tasks,
            clock=clock,
        )
        runtime = Runtime(build_app(services, all_kinds), services, behind.form_data)
        loops = [asyncio.create_task(receipt_worker.run()), asyncio.create_task(_sign_in(runtime))]
        for worker in workers.values():
            loops += [asyncio.create_task(worker.run()), asyncio.create_task(worker.keep_alive())]
        loops += [asyncio.create_task(run()) for run in behind.loops]
        try:
            yield runtime
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            ends = [worker.drain(DRAIN) for worker in workers.values()]
            await asyncio.gather(tasks.drain(DRAIN), receipt_worker.drain(DRAIN), *ends)
    store.close()


async def _sign_in(runtime: Runtime) -> None:
    """Ask Slack who we are, before anybody waits for it."""
    while not runtime.signed_in:
        try:
            answer = await web_api.call(runtime.services.client.auth_test())
        except web_api.SlackError as error:
            log.error("Slack does not accept SLACK_BOT_TOKEN: %s", error)  # noqa: TRY400
            await runtime.services.clock.sleep(CHECK_EVERY)
        else:
            log.info("signed in to %s as %s", answer.get("team"), answer.get("user"))
            runtime.signed_in = True
