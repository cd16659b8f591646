"""Storing what has happened already: it is tried until the database takes it."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.clock import Clock
from storage.engine import StorageError

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_EVERY = 1.0
"""Seconds between two tries."""


async def until_stored(write: Callable[[], Awaitable[T]], clock: Clock, **facts: object) -> T:
    """Call `write` until the database can be written.

    :param facts: of the outcome, for the log, which gets the first fault
    """
    was_logged = False
    while True:
        try:
            return await write()
        except StorageError:
            if not was_logged:
                log.exception("an outcome is not stored yet", extra=facts)
            was_logged = True
            await clock.sleep(RETRY_EVERY)
