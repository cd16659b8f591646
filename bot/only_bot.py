"""One bot at a time works on a file of SQLite. Two would wait for each other's locks, and each
would count the limits of Slack and the APIs for itself.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from storage.address import DatabaseAddress
from storage.engine import UnusableDatabaseError
from storage.file_lock import FileLock

log = logging.getLogger(__name__)

WAIT = 15.0
"""Seconds that a bot takes at most from SIGTERM to its end."""
LOOK_EVERY = 0.1
"""Seconds between two tries to take the lock."""


@asynccontextmanager
async def only_bot(
    address: DatabaseAddress, stopped: asyncio.Event, *, wait: float = WAIT
) -> AsyncIterator[bool]:
    """Hold the lock of a file until the block ends. Several bots may share a PostgreSQL database.

    :param stopped: ends the waiting for a bot that ends
    :param wait: seconds for which another bot may take to end
    :returns: False when the process was stopped while it waited
    :raises UnusableDatabaseError: when another bot goes on using the file
    """
    if not isinstance(address, Path):
        yield True
        return
    try:
        lock = FileLock(address)
    except OSError as error:
        # Mostly the database cannot be made either, and SQLite says why.
        log.warning("a second bot on this file would not be noticed", extra={"why": error.strerror})
        yield True
        return
    with closing(lock):
        yield await _taken(lock, address, stopped, wait)


async def _taken(lock: FileLock, path: Path, stopped: asyncio.Event, wait: float) -> bool:
    if lock.take():
        return True
    log.warning("another bot uses the file; waiting for its end", extra={"bot": lock.holder()})
    for _ in range(int(wait / LOOK_EVERY)):
        if stopped.is_set():
            return False
        await asyncio.sleep(LOOK_EVERY)
        if lock.take():
            return True
    raise UnusableDatabaseError(
        f"{path} is in use by another bot, {lock.holder()}: stop that one, or use PostgreSQL"
    )
