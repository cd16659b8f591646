"""The thread that reads: its connection cannot write, and no writer makes it wait."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from storage.engine import LOCK_WAIT, Database, Engine, StorageError
from storage.jobs import Job, JobThread, answer

T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
"""Jobs in one transaction at most."""


class NotReadError(StorageError):
    """The database could not be read; the cause says why."""


class Reader:
    def __init__(self, engine: Engine) -> None:
        """:param engine: open for reading only; it may be used by another thread"""
        self._engine = engine
        self._queue: deque[Job[Any]] = deque()
        self._thread = JobThread("storage reads", self._step)

    async def run(self, work: Callable[[Database], T]) -> T:
        return await self._thread.run(self._queue, work)

    def close(self) -> None:
        self._thread.close()
        self._engine.close()

    def _step(self) -> bool:
        # The batch is taken before the transaction begins. So a read that was asked for after a
        # commit cannot share an older view of the file.
        batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        if not batch:
            return False
        try:
            answer(batch, self._outcomes(batch))
        finally:
            # An open read transaction would keep SQLite's write-ahead log from being emptied.
            # Nobody waits for its end.
            self._engine.rollback()
        return True

    def _outcomes(self, batch: list[Job[Any]]) -> list[Any]:
        """Each job's result or exception. The jobs of a batch see the same state of the database,
        unless one of them fails.
        """
        until = min(job.asked for job in batch) + LOCK_WAIT
        try:
            self._engine.begin(until)
            return [self._outcome(job, until) for job in batch]
        except self._engine.error as error:
            log.exception("several jobs could not read the database", extra={"jobs": len(batch)})
            return [_not_read(error) for _ in batch]

    def _outcome(self, job: Job[Any], until: float, *, again: bool = True) -> Any:
        try:
            return job.work(self._engine.db)
        except self._engine.error as error:
            lost = self._engine.note(error)
            # An error ends a transaction of PostgreSQL.
            self._engine.rollback()
            self._engine.begin(max(until, time.monotonic() + _RECONNECT))
            if lost and again:
                return self._outcome(job, until, again=False)
            log.exception("a job could not read the database")
            return _not_read(error)
        except Exception as error:  # it is raised where the job was asked for
            log.debug("a job that reads failed", exc_info=True)
            return error


_RECONNECT = 1.0
"""Seconds for which a lost connection is made anew at least."""


def _not_read(error: Exception) -> NotReadError:
    failure = NotReadError(str(error))
    failure.__cause__ = error
    return failure
