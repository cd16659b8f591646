"""What is done to a bot of a fleet before it starts: its machine, its version, and mutants.

As `wrapped.py`, which has the wrappings of a single bot.
"""

import math
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from bot.tenure import Tenure
from storage import delivery_queue, events, unfurls
from storage.migrations import all_steps, migrations


def machine(name: str, offset: str) -> None:
    """The machine has a name of its own, and its clock is so many seconds ahead."""
    true_time, seconds = time.time, float(offset)
    socket.gethostname = lambda: name
    time.time = lambda: true_time() + seconds


def newer(versions: str) -> None:
    """So many versions came after this one, and each added a column to the table of reports."""
    for number in range(1, int(versions) + 1):

        @migrations(name=f"2099-01-01 version {number}")
        def step(db: Database, number: int = number) -> None:
            db.execute(f"alter table reports add column version_{number} text")

    all_steps.cache_clear()


@contextmanager
def reading_newer(versions: int) -> Iterator[None]:
    """In the block, this process reads the tables of so many newer versions."""
    steps = list(migrations._migrations)
    newer(str(versions))
    try:
        yield
    finally:
        migrations._migrations[:] = steps
        all_steps.cache_clear()


def no_lock() -> None:
    """Mutant: a writing transaction does not hold the lock that all machines share. Its commit
    takes a while, so that two of them meet soon.
    """
    from storage.postgres import database  # of an extra

    assert "pg_advisory_xact_lock" in database._LOCK
    database._LOCK = "select 1, pg_current_xact_id()::text"
    commit = database.PostgresDatabase.commit

    def commit_late(self: database.PostgresDatabase) -> None:
        self.execute("select pg_sleep(0.25)")
        commit(self)

    database.PostgresDatabase.commit = commit_late  # type: ignore[method-assign]


def any_claim() -> None:
    """Mutant: a claim also takes a report that is being sent."""
    waiting = "state = 'waiting'"
    assert delivery_queue._CLAIM.count(waiting) == 3
    delivery_queue._CLAIM = delivery_queue._CLAIM.replace(
        waiting, "state in ('waiting', 'sending')"
    )


def no_lease() -> None:
    """Mutant: every bot is the back office at all times."""

    async def take(self: Any) -> float:
        self._until = math.inf
        return 0.0

    Tenure.take = take  # type: ignore[method-assign]


def own_events() -> None:
    """Mutant: a bot recognizes only the events and links that it took itself."""
    add, claim = events.add, unfurls.claim
    taken: set[str] = set()

    def add_own(db: Any, event: events.Event, **kwargs: Any) -> bool:
        if event.id in taken:
            return False
        taken.add(event.id)
        ignoring = replace(event, id=f"{event.id} at {socket.gethostname()}")
        return add(db, event, **kwargs) or add(db, ignoring, **kwargs)

    def claim_own(db: Any, channel: str, *args: Any, **kwargs: Any) -> list[str]:
        return claim(db, f"{channel} at {socket.gethostname()}", *args, **kwargs)

    events.add, unfurls.claim = add_own, claim_own


OF_A_FLEET = (machine, newer, no_lock, any_claim, no_lease, own_events)
