"""The thread that writes: it commits together the jobs that arrive together.

No job waits longer than `LOCK_WAIT` for another process's lock, counted from when the job was asked
for. So a form that comes while others wait is answered as early as they are.
"""

import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.database import LOCK_WAIT, StorageError
from storage.file_safety import OpenFile
from storage.jobs import Job, JobThread, answer

T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
"""Jobs in one transaction at most, so that no job waits long behind many."""
GIVES_WAY = 1.0
"""Seconds for which a background job lets urgent jobs go first."""
_TRY_EVERY = 0.005
"""Seconds between two tries to take a lock that another process holds."""


class NotStoredError(StorageError):
    """Nothing of the job was committed; the cause says why."""


class Writer:
    def __init__(self, db: Database, file: OpenFile, *, gives_way: float) -> None:
        """:param db: any thread may use it
        :param file: what is looked at before each commit
        """
        self._db, self._file = db, file
        self._gives_way = gives_way
        # SQLite waits per statement. This thread waits itself, and gives up by each job's own time.
        db.conn.execute("pragma busy_timeout = 0")
        self._urgent: deque[Job[Any]] = deque()
        self._background: deque[Job[Any]] = deque()
        self._logged: str | None = None
        self._failure: str | None = None
        """Why the last transaction failed; None after one that was committed."""
        self._thread = JobThread("storage writes", self._step)

    async def run(self, work: Callable[[Database], T], *, urgent: bool = False) -> T:
        return await self._thread.run(self._urgent if urgent else self._background, work)

    def fault(self) -> str | None:
        """Why nothing can be committed, in a sentence for the operator; None when it can."""
        if not self._thread.alive:
            return "the thread that stores has ended"
        return self._file.fault() or self._failure

    def close(self) -> None:
        self._thread.close()
        self._db.close()

    def _step(self) -> bool:
        first = [queue[0].asked for queue in (self._urgent, self._background) if queue]
        if not first:
            return False
        try:
            self._begin(min(first) + LOCK_WAIT)
        except sqlite3.Error as error:
            # Only the jobs that waited long enough fail of a lock; any other error fails them all.
            batch = self._late() if _locked(error) else self._next_batch()
            self._failed(error, batch)
            answer(batch, [_not_stored(error) for _ in batch])
        else:
            # The batch is taken with the lock held, so that it holds the jobs that came meanwhile.
            batch = self._next_batch()
            answer(batch, self._commit(batch))
        return True

    def _begin(self, until: float) -> None:
        """Begin a transaction that holds the write lock.

        :param until: when to give up, seconds of the monotonic clock
        :raises sqlite3.OperationalError: when another process held the lock until then
        """
        while True:
            try:
                self._db.conn.execute("begin immediate")
            except sqlite3.OperationalError as error:
                if not _locked(error) or time.monotonic() >= until:
                    raise
                time.sleep(_TRY_EVERY)
            else:
                return

    def _late(self) -> list[Job[Any]]:
        """Take the jobs that have waited for `LOCK_WAIT`."""
        asked_before = time.monotonic() - LOCK_WAIT
        late: list[Job[Any]] = []
        for queue in (self._urgent, self._background):
            while queue and queue[0].asked <= asked_before:
                late.append(queue.popleft())
        return late

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
        """Each job's result or exception. When the commit fails, every job of the batch fails.

        Call it in a transaction.
        """
        try:
            outcomes = self._outcomes(batch)
            if fault := self._refusal():
                self._db.rollback()
                return [NotStoredError(fault) for _ in batch]
            self._db.conn.execute("commit")
        except sqlite3.Error as error:
            self._failed(error, batch)
            with suppress(sqlite3.Error):  # SQLite has rolled back already, or the disk is gone
                self._db.rollback()
            return [_not_stored(error) for _ in batch]
        self._failure = None
        return outcomes

    def _failed(self, error: sqlite3.Error, batch: list[Job[Any]]) -> None:
        """Remember why nothing of a batch was stored. The log says it once, until it changes."""
        fault = f"nothing can be stored: {error}"
        if fault != self._failure:
            facts = {"jobs": len(batch)}
            log.error("nothing of several jobs was stored", extra=facts, exc_info=error)
        self._failure = fault

    def _refusal(self) -> str | None:
        """Why a commit would be lost, if it would. The log says it once."""
        fault = self._file.fault()
        if fault and fault != self._logged:
            log.error(
                "nothing is stored until the file is back, or constat is restarted",
                extra={"why": fault},
            )
        self._logged = fault
        return fault

    def _outcomes(self, batch: list[Job[Any]]) -> list[Any]:
        """Run all jobs. When one fails, undo them all and run each in a savepoint of its own."""
        # A savepoint, because a rollback would give the write lock away.
        self._db.conn.execute("savepoint batch")
        try:
            return [job.work(self._db) for job in batch]
        except Exception:  # the second run finds the job that failed, and its exception
            log.debug("one of several jobs failed", extra={"jobs": len(batch)}, exc_info=True)
        self._db.conn.execute("rollback to batch")
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


def _locked(error: sqlite3.Error) -> bool:
    """Whether another process holds the lock. The extended codes of SQLITE_BUSY are meant too."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY


def _not_stored(error: sqlite3.Error) -> NotStoredError:
    failure = NotStoredError(str(error))
    failure.__cause__ = error
    return failure
