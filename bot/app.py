"""The bot, put together, started, and brought to an end: the one place that wires its parts."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.back_office import BackOffice
from bot.bolt_app import build_app
from bot.kinds import KINDS, AnyKind, OpenKind, opened
from bot.scrubber import scrubbed_log
from bot.services import Services
from bot.setup import Setup

DRAIN = 10.0
"""Seconds that work in flight gets at the end."""


@dataclass(frozen=True)
class Runtime:
    """A running bot."""

    app: AsyncApp
    services: Services
    kinds: Mapping[str, AnyKind]
    """By name."""
    back_office: BackOffice

    def missing(self) -> list[str]:
        """The parts that are not ready: a sentence for each, for the operator."""
        fault = self.services.store.fault()
        return [*self.back_office.missing(), *([fault] if fault else [])]


@asynccontextmanager
async def running(setup: Setup, kinds: Sequence[OpenKind] = KINDS) -> AsyncIterator[Runtime]:
    """Run everything but the listening to Slack. At the end work in flight may come back; then
    the database is closed.
    """
    back_office: BackOffice | None = None

    def news_of(api: str, channel: str | None, *, notices: bool = True) -> None:
        if back_office is not None:
            back_office.news_of(api, channel, notices=notices)

    try:
        with scrubbed_log(setup.scrubber):
            async with (
                opened(kinds, setup) as open_kinds,
                Services.opened(setup, news_of) as services,
            ):
                by_name = {kind.name: kind for kind in open_kinds}
                back_office = BackOffice(setup, services, by_name)
                app = build_app(services, by_name)
                await back_office.start()
                try:
                    yield Runtime(app, services, by_name, back_office)
                finally:
                    services.views.stop()
                    await asyncio.gather(back_office.stop(DRAIN), services.tasks.drain(DRAIN))
    finally:
        setup.store.close()
