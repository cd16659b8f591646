"""The bot, put together, started, and brought to an end: the one place that wires its parts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.bolt_app import build_app
from bot.kinds import KINDS, AnyKind, OpenKind, opened
from bot.loops import loops
from bot.scrubber import scrubbed_log
from bot.services import Services
from bot.setup import Setup
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
        """The parts that are not ready: a sentence for each, for the operator."""
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
            workers.start(loops(setup, services, by_name))
            try:
                yield Runtime(app, services, by_name, workers)
            finally:
                services.views.stop()
                await asyncio.gather(workers.stop(DRAIN), services.tasks.drain(DRAIN))
    setup.store.close()
