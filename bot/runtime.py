"""Everything that runs, put together, started, and brought to an end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot import network
from bot.access import Access
from bot.app import build_app
from bot.backends import backends
from bot.background import Loops, Tasks
from bot.claim_owner import Process
from bot.clock import Clock
from bot.config import Config
from bot.delivery.api import Api
from bot.delivery.worker import DeliveryWorker
from bot.form_data import FormData
from bot.kinds import Kind, kinds
from bot.receipt_poster import ReceiptPoster
from bot.receipt_worker import ReceiptWorker
from bot.scrubber import Scrubber, scrubbed_log, secrets_of
from bot.services import Services
from bot.settings import Settings, SettingsError
from bot.slack import web_api
from bot.slack.users import People
from bot.slack.views import Views
from storage.store import Store

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that work in flight gets at the end."""


@dataclass
class Runtime:
    """A running bot."""

    app: AsyncApp
    services: Services
    form_data: Mapping[str, FormData]
    """By kind of report."""
    access: Access
    loops: Loops

    def missing(self) -> list[str]:
        """What is not ready: a sentence for each thing, for the operator."""
        missing = self.access.missing()
        missing += [f"the loop {name!r} ended: restart constat" for name in self.loops.ended]
        if code := self.services.receipt_worker.refused:
            missing.append(f"Slack refuses SLACK_BOT_TOKEN: {code}")
        if fault := self.services.store.fault():
            missing.append(fault)
        return missing


@asynccontextmanager
async def running(
    settings: Settings, config: Config, clock: Clock | None = None
) -> AsyncIterator[Runtime]:
    """Run the bot's inner side. At the end, work in flight comes back and the file is closed.

    :raises SettingsError: when the environment names a way out that cannot be used
    :raises UnusableDatabaseError: when the file cannot be used
    """
    try:
        network.check(settings.slack_api_url, settings.immoteur_api_url, settings.kare_api_url)
    except network.NetworkSettingsError as error:
        raise SettingsError([str(error)]) from error
    clock = clock or Clock()
    scrubber = Scrubber([*secrets_of(settings), *network.proxy_passwords()])
    token, url = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
    store = Store(settings.constat_db)
    loops = Loops()
    with scrubbed_log(scrubber):
        async with (
            web_api.web_client(token, url, scrubber) as web,
            backends(settings, config, store, clock, scrubber) as behind,
        ):
            people = People(web, store, settings.constat_language, clock)
            await people.load()
            all_kinds = list(kinds(config, behind.form_data))
            services = _services(config, web, people, behind.apis, all_kinds, store, clock)
            access = Access(web, behind.apis, store, clock)
            app = build_app(services, all_kinds)
            _start(loops, services, access, behind.loops)
            try:
                yield Runtime(app, services, behind.form_data, access, loops)
            finally:
                await loops.stop()
                ends = [worker.drain(DRAIN) for worker in services.workers.values()]
                ends += [services.tasks.drain(DRAIN), services.receipt_worker.drain(DRAIN)]
                await asyncio.gather(*ends)
    store.close()


def _services(
    config: Config,
    web: web_api.WebClient,
    people: People,
    apis: Mapping[str, Api],
    all_kinds: Sequence[Kind],
    store: Store,
    clock: Clock,
) -> Services:
    process = Process.current()
    owner = process.owner()
    by_name = {kind.name: kind for kind in all_kinds}
    poster = ReceiptPoster(web, store, people, by_name, clock=clock, limits=config.receipts)
    receipt_worker = ReceiptWorker(
        poster,
        store,
        owner=owner,
        is_dead=process.is_dead,
        clock=clock,
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
        for name, api in apis.items()
    }
    return Services(
        client=web,
        store=store,
        people=people,
        views=Views(web, people, clock),
        config=config,
        workers=workers,
        receipt_worker=receipt_worker,
        tasks=Tasks(),
        clock=clock,
    )


def _start(
    loops: Loops,
    services: Services,
    access: Access,
    others: Iterable[Callable[[], Coroutine[Any, Any, None]]],
) -> None:
    loops.start("the check of Slack", access.watch_slack())
    loops.start("receipts", services.receipt_worker.run())
    for name, worker in services.workers.items():
        loops.start(f"deliveries to {name}", worker.run())
        loops.start(f"leases of {name}", worker.keep_alive())
        loops.start(f"the check of {name}", access.watch_api(name))
    for run in others:
        loops.start(run.__qualname__, run())
