"""One thread owns the connection, and commits together what arrives together.

The event loop never waits for the disk: it awaits `Store.run`. Each job is one function of this
package; it is done whole or not at all, and its result is given only after the commit. It may be
done anew when another of the same transaction failed: what it changes is the file, and only that.
"""

import asyncio
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sqlite_utils import Database

from storage.database import StorageError, open_database

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
"""Jobs in one transaction at most, so that nobody waits long behind many."""
GIVES_WAY = 1.0
"""Seconds for which the bot's own work lets people go first."""


class NotStoredError(StorageError):
    """The job was not committed, nor any part of it."""


@dataclass(frozen=True)
class _Job(Generic[T]):
    work: Callable[[Database], T]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[T]
    asked: float = field(default_factory=time.monotonic)


class Store:
    """The bot's way to its file. Open it once; `close` waits for what was asked."""

    def __init__(self, path: Path, *, gives_way: float = GIVES_WAY) -> None:
        """:raises UnusableDatabaseError: when the file cannot be used"""
        self._db = open_database(path)
        self._gives_way = gives_way
        self._urgent: deque[_Job[Any]] = deque()
        self._later: deque[_Job[Any]] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._ringing = False
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="storage", daemon=True)
        self._thread.start()

    async def run(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do a job behind those of people who wait; for `GIVES_WAY` not beside them either.

        :raises NotStoredError: when it could not be committed; nothing of it was
        """
        return await self._ask(self._later, lambda db: work(db, *args, **kwargs))

    async def run_first(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same, before all others: somebody in Slack waits for the answer."""
        return await self._ask(self._urgent, lambda db: work(db, *args, **kwargs))

    def close(self) -> None:
        self._closing = True
        self._bell.put(None)
        self._thread.join()
        self._db.close()

    async def _ask(self, queue: deque[_Job[T]], work: Callable[[Database], T]) -> T:
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        queue.append(job)
        if not self._ringing:
            self._ringing = True
            loop.call_soon(self._ring)
        done: T = await job.done
        return done

    def _ring(self) -> None:
        self._ringing = False
        self._bell.put(None)

    def _work(self) -> None:
        closing = False
        while not closing:
            self._bell.get()
            # Read before the queues are: what was asked before the end is done before it.
            closing = self._closing
            while batch := self._next_batch():
                outcomes = self._commit(batch)
                batch[0].loop.call_soon_threadsafe(_tell, batch, outcomes)

    def _next_batch(self) -> list[_Job[Any]]:
        """Only this thread takes from the queues, so what they hold can only become more."""
        batch = [self._urgent.popleft() for _ in range(min(BATCH, len(self._urgent)))]
        if batch and not self._waited_long():
            return batch
        room = min(BATCH - len(batch), len(self._later))
        return batch + [self._later.popleft() for _ in range(room)]

    def _waited_long(self) -> bool:
        return bool(self._later) and time.monotonic() - self._later[0].asked >= self._gives_way

    def _commit(self, batch: list[_Job[Any]]) -> list[Any]:
        """Each job's result or exception; a failed commit is everybody's."""
        try:
            self._db.conn.execute("begin immediate")
            outcomes = self._outcomes(batch)
            self._db.conn.execute("commit")
        except sqlite3.Error as error:
            log.exception("nothing of %d jobs was stored", len(batch))
            self._db.rollback()
            return [_not_stored(error) for _ in batch]
        return outcomes

    def _outcomes(self, batch: list[_Job[Any]]) -> list[Any]:
        """Do them all; when one fails, all is undone and done again with a savepoint for each."""
        try:
            return [job.work(self._db) for job in batch]
        except Exception:  # whose it is, and what it was, is found out below
            log.debug("one of %d jobs failed", len(batch), exc_info=True)
            self._db.rollback()
        self._db.conn.execute("begin immediate")
        return [self._alone(job) for job in batch]

    def _alone(self, job: _Job[Any]) -> Any:
        conn = self._db.conn
        conn.execute("savepoint job")
        try:
            outcome = job.work(self._db)
        except Exception as error:  # handed to the one who asked, who raises it
            if not conn.in_transaction:  # a full disk rolls everything back by itself
                raise sqlite3.OperationalError("the transaction was rolled back") from error
            conn.execute("rollback to job")
            conn.execute("release job")
            if not isinstance(error, sqlite3.Error):
                return error
            log.exception("a job was not stored")
            return _not_stored(error)
        conn.execute("release job")
        return outcome


def _not_stored(error: sqlite3.Error) -> NotStoredError:
    failure = NotStoredError(str(error))
    failure.__cause__ = error
    return failure


def _tell(batch: list[_Job[Any]], outcomes: list[Any]) -> None:
    for job, outcome in zip(batch, outcomes, strict=True):
        if job.done.cancelled():
            continue
        if isinstance(outcome, Exception):
            job.done.set_exception(outcome)
        else:
            job.done.set_result(outcome)
