"""Short messages between the processes that share a database. A lost one is no harm: every worker
also looks into the database from time to time.

A file of SQLite has one process, so nothing is sent.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from storage.address import DatabaseAddress

log = logging.getLogger(__name__)

Fact = str | float | bool | None


class Wire(Protocol):
    """Carries texts to the other processes."""

    def send(self, text: str) -> None:
        """Send a text soon. It never waits and never raises."""

    def close(self) -> None: ...


class News:
    """Messages by topic. It belongs to the event loop in which `listen` was called."""

    def __init__(self, open_wire: Callable[[Callable[[str], None]], Wire] | None) -> None:
        """:param open_wire: opens the wire at the first `listen`. It gets the function that takes a
        text of another process, in another thread. None where there are no other processes
        """
        self._open_wire = open_wire
        self._wire: Wire | None = None
        self._listeners: dict[str, Callable[..., None]] = {}

    def notify(self, topic: str, **facts: Fact) -> None:
        """Send a message to the other processes. Before the first `listen` nothing is sent."""
        if self._wire is not None:
            self._wire.send(json.dumps([topic, facts]))

    def listen(self, topic: str, callback: Callable[..., None]) -> None:
        """Call a function with the facts of each message of a topic."""
        self._listeners[topic] = callback
        if self._wire is None and self._open_wire is not None:
            loop = asyncio.get_running_loop()

            def receive(text: str) -> None:
                loop.call_soon_threadsafe(self._call, text)

            self._wire = self._open_wire(receive)

    def close(self) -> None:
        """Send what waits, and nothing more."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _call(self, text: str) -> None:
        try:
            topic, facts = json.loads(text)
            callback = self._listeners.get(topic)
            if callback is not None:
                callback(**facts)
        except (ValueError, TypeError) as error:  # another program's, or a newer constat's
            log.warning("a message of another process is not understood", extra={"why": error})


def open_news(address: DatabaseAddress) -> News:
    """Messages to the other processes that have the database open."""
    if isinstance(address, Path):
        return News(None)
    from storage.postgres.wire import PostgresWire  # noqa: PLC0415 - an extra

    return News(partial(PostgresWire, address))
