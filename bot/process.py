"""The life of the process in both modes: its start, the operator's view of it, and its end."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.app import Runtime, running
from bot.config import Config
from bot.health import HealthApp, Missing, health_listener, health_served
from bot.metrics_page import MetricsPage
from bot.settings import Settings
from bot.setup import Setup

log = logging.getLogger(__name__)

GARBAGE = 20_000
"""New objects between two collections: as many as about 40 forms need."""
CHECK_EVERY = 0.2
"""Seconds between two checks whether the bot is ready, until it is."""


async def _nothing() -> list[str]:
    return []


@dataclass(frozen=True)
class Connection:
    """How Slack's requests come in."""

    how: str
    """For the log, such as "Socket Mode, connected"."""
    missing: Missing = _nothing
    """What the connection lacks, as sentences; empty if requests can come in."""


Connect = Callable[[Runtime, asyncio.Event], AbstractAsyncContextManager[Connection]]
"""Lets requests in until the block ends. The event ends the process when it is set."""


async def run(settings: Settings, config: Config, connect: Connect) -> None:
    """Run the bot, until SIGTERM, SIGINT or SIGHUP.

    :raises SettingsError: if the address of CONSTAT_HEALTH cannot be used
    :raises UnusableDatabaseError: if the file cannot be used
    """
    stopped = stop_on_signals()
    with health_listener(settings.constat_health) as listener:
        async with (
            running(Setup.of(settings, config)) as runtime,
            connect(runtime, stopped) as connection,
        ):

            async def missing() -> list[str]:
                return [*runtime.missing(), *await connection.missing()]

            monitored = HealthApp(missing, MetricsPage(runtime, missing))
            async with health_served(listener, monitored):
                readiness = asyncio.create_task(log_when_ready(missing, connection.how))
                tune_garbage_collection()
                await stopped.wait()
                readiness.cancel()
                await asyncio.gather(readiness, return_exceptions=True)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM, SIGINT and SIGHUP set. Each of them means an orderly stop."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def tune_garbage_collection() -> None:
    """Exclude the objects of the start from collections, and make collections rarer.

    A full collection takes longer than the answer to a request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


async def log_when_ready(missing: Missing, how: str) -> None:
    """One log line, as soon as nothing is missing.

    :param how: for the log, such as "HTTP mode, 127.0.0.1, port 3000"
    """
    while await missing():  # noqa: ASYNC110 - neither sign-in nor slack_sdk has an event
        await asyncio.sleep(CHECK_EVERY)
    log.info("ready: %s", how)
