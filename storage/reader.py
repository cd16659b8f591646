"""The thread that reads: its connection cannot write, and no writer makes it wait."""

import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.database import StorageError
from storage.jobs import Job, JobThread, answer

T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
"""Jobs in one transaction at most."""


class NotReadError(StorageError):
    """The file could not be read; the cause says why."""


class Reader:
    def __init__(self, db: Database) -> None:
        """:param db: open for reading only; it may be used by another thread"""
        self._db = db
        self._queue: deque[Job[Any]] = deque()
        self._thread = JobThread("storage reads", self._step)

    async def run(self, work: Callable[[Database], T]) -> T:
        return await self._thread.run(self._queue, work)

    def close(self) -> None:
        self._thread.close()
        self._db.close()

    def _step(self) -> bool:
        # The batch is taken before the transaction begins. So a read that was asked for after a
        # commit cannot share an older view of the file.
        batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        if not batch:
            return False
        answer(batch, self._outcomes(batch))
        return True

    def _outcomes(self, batch: list[Job[Any]]) -> list[Any]:
        """Each job's result or exception. All jobs of a batch see the same state of the file."""
        try:
            self._db.conn.execute("begin")
            return [self._outcome(job) for job in batch]
        except sqlite3.Error as error:
            log.exception("several jobs could not read the file", extra={"jobs": len(batch)})
            return [_not_read(error) for _ in batch]
        finally:
            # An open read transaction would keep the write-ahead log from being emptied.
            self._db.rollback()

    def _outcome(self, job: Job[Any]) -> Any:
        try:
            return job.work(self._db)
        except sqlite3.Error as error:
            log.exception("a job could not read the file")
            return _not_read(error)
        except Exception as error:  # it is raised where the job was asked for
            log.debug("a job that reads failed", exc_info=True)
            return error


def _not_read(error: sqlite3.Error) -> NotReadError:
    failure = NotReadError(str(error))
    failure.__cause__ = error
    return failure
