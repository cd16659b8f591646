"""The thread that writes: it commits together the jobs that arrive together."""

import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.database import StorageError
from storage.jobs import Job, JobThread, answer

T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
"""Jobs in one transaction at most, so that no job waits long behind many."""
GIVES_WAY = 1.0
"""Seconds for which a background job lets urgent jobs go first."""


class NotStoredError(StorageError):
    """Nothing of the job was committed; the cause says why."""


class Writer:
    def __init__(self, db: Database, *, gives_way: float = GIVES_WAY) -> None:
        self._db = db
        self._gives_way = gives_way
        self._urgent: deque[Job[Any]] = deque()
        self._background: deque[Job[Any]] = deque()
        self._thread = JobThread("storage writes", self._step)

    async def run(self, work: Callable[[Database], T], *, urgent: bool = False) -> T:
        return await self._thread.run(self._urgent if urgent else self._background, work)

    def close(self) -> None:
        self._thread.close()
        self._db.close()

    def _step(self) -> bool:
        batch = self._next_batch()
        if not batch:
            return False
        answer(batch, self._commit(batch))
        return True

    def _next_batch(self) -> list[Job[Any]]:
        batch = [self._urgent.popleft() for _ in range(min(BATCH, len(self._urgent)))]
        if batch and not self._waited_long():
            return batch
        room = min(BATCH - len(batch), len(self._background))
        return batch + [self._background.popleft() for _ in range(room)]

    def _waited_long(self) -> bool:
        waiting = self._background
        return bool(waiting) and time.monotonic() - waiting[0].asked >= self._gives_way

    def _commit(self, batch: list[Job[Any]]) -> list[Any]:
        """Each job's result or exception. When the commit fails, every job of the batch fails."""
        try:
            self._db.conn.execute("begin immediate")
            outcomes = self._outcomes(batch)
            self._db.conn.execute("commit")
        except sqlite3.Error as error:
            log.exception("nothing of %d jobs was stored", len(batch))
            self._db.rollback()
            return [_not_stored(error) for _ in batch]
        return outcomes

    def _outcomes(self, batch: list[Job[Any]]) -> list[Any]:
        """Run all jobs. When one fails, undo them all and run each in a savepoint of its own."""
        try:
            return [job.work(self._db) for job in batch]
        except Exception:  # the second run finds the job that failed, and its exception
            log.debug("one of %d jobs failed", len(batch), exc_info=True)
            self._db.rollback()
        self._db.conn.execute("begin immediate")
        return [self._alone(job) for job in batch]

    def _alone(self, job: Job[Any]) -> Any:
        conn = self._db.conn
        conn.execute("savepoint job")
        try:
            outcome = job.work(self._db)
        except Exception as error:  # it is raised where the job was asked for
            if not conn.in_transaction:  # SQLite itself rolls everything back on a full disk
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
