"""What both ways to run the bot need of the process: signals, garbage collection, readiness."""

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

GARBAGE = 20_000
"""New objects between two collections: as many as about 40 forms need."""
CHECK_EVERY = 0.2
"""Seconds between two checks whether the bot is ready."""


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


async def log_when_ready(ready: Callable[[], Awaitable[bool]], how: str) -> None:
    """One log line, as soon as the bot is ready.

    :param how: for the log, such as "HTTP mode, port 3000"
    """
    while not await ready():  # noqa: ASYNC110 - neither sign-in nor slack_sdk has an event
        await asyncio.sleep(CHECK_EVERY)
    log.info("ready: %s", how)
