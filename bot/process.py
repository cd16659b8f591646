"""The life of the process in both modes: its start, the operator's view of it, and its end."""

import asyncio
import gc
import logging
import math
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.app import Runtime, running
from bot.config import Config
from bot.health import HealthApp, Missing, health_listener, health_served
from bot.metrics_page import MetricsPage
from bot.notify import Notifier
from bot.only_bot import only_bot
from bot.settings import Settings
from bot.setup import Setup

log = logging.getLogger(__name__)

GARBAGE = 20_000
"""New objects between two collections: as many as about 40 forms need."""
CHECK_EVERY = 0.2
"""Seconds between two checks whether the bot is ready, until it is."""
CHECK_AGAIN_EVERY = 5.0
"""Seconds between two checks afterwards."""


async def _nothing() -> list[str]:
    return []


@dataclass(frozen=True)
class Connection:
    """How Slack's requests come in."""

    how: str
    """For the log, such as "Socket Mode, connected"."""
    missing: Missing = _nothing
    """The faults of the connection, as sentences; empty if requests can come in."""


Connect = Callable[[Runtime, asyncio.Event], AbstractAsyncContextManager[Connection]]
"""Lets requests in until the block ends. The event ends the process when it is set."""


async def run(settings: Settings, config: Config, connect: Connect) -> None:
    """Run the bot, until SIGTERM, SIGINT or SIGHUP.

    :raises SettingsError: if the address of CONSTAT_HEALTH cannot be used
    :raises UnusableDatabaseError: if the database cannot be used, or another bot uses the file
    """
    stopped = stop_on_signals()
    async with only_bot(settings.constat_db, stopped) as is_ours:
        if is_ours:
            await _run(settings, config, connect, stopped)
    log.info("stopped")


async def _run(
    settings: Settings, config: Config, connect: Connect, stopped: asyncio.Event
) -> None:
    notifier = Notifier.of_process()
    with health_listener(settings.constat_health) as listener:
        async with (
            running(Setup.of(settings, config)) as runtime,
            connect(runtime, stopped) as connection,
        ):

            async def missing() -> list[str]:
                return [*runtime.missing(), *await connection.missing()]

            monitored = HealthApp(missing, MetricsPage(runtime, missing))
            async with health_served(listener, monitored):
                office = runtime.back_office
                reporting = asyncio.create_task(
                    report(missing, office.refused_by_apis, office.loops, connection.how, notifier)
                )
                tune_garbage_collection()
                await stopped.wait()
                log.info("stopping")
                notifier.stopping()
                reporting.cancel()
                await asyncio.gather(reporting, return_exceptions=True)


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


async def report(
    missing: Missing,
    refused_by_apis: Callable[[], list[str]],
    loops: Callable[[], Mapping[str, bool]],
    how: str,
    notifier: Notifier,
) -> None:
    """Log once that the bot takes forms, and keep systemd informed until cancelled.

    systemd gets a sign of life only while every background loop runs. So it restarts a bot whose
    loop has ended, or whose event loop stands still.

    :param refused_by_apis: those of the faults that keep no form from being taken
    :param loops: whether each background loop runs, by name
    :param how: for the log, such as "HTTP mode, port 3000"
    """
    ready = False
    pause = min(CHECK_AGAIN_EVERY, (notifier.watchdog or math.inf) / 3)
    while True:
        if all(loops().values()):
            notifier.alive()
        lacking = await missing()
        if not ready and not set(lacking).difference(refused_by_apis()):
            ready = True
            log.info("ready", extra={"mode": how})
            notifier.ready()
        notifier.status("; ".join(lacking) or f"ready: {how}")
        await asyncio.sleep(pause if ready else min(pause, CHECK_EVERY))
