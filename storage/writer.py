"""The thread that writes: it commits together the jobs that arrive together.

No job waits longer than `LOCK_WAIT` for another process's lock, counted from when the job was asked
for. So a form that comes while others wait is answered as early as they are.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from storage.engine import LOCK_WAIT, Database, Engine, StorageError
from storage.jobs import Job, JobThread, NotBegunError, UncertainError, answer

T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
"""Jobs in one transaction at most, so that no job waits long behind many."""
GIVES_WAY = 1.0
"""Seconds for which a background job lets urgent jobs go first."""
ANSWERS_WITHIN = 2.5
"""Seconds in which an urgent job is done or fails, also when the disk or the server hangs. Slack
waits 3 s for an answer."""


class NotStoredError(StorageError):
    """Nothing of the job was committed; the cause says why."""


class Writer:
    def __init__(self, engine: Engine, *, gives_way: float, answers_within: float) -> None:
        """:param engine: any thread may use it"""
        self._engine = engine
        self._gives_way, self._answers_within = gives_way, answers_within
        self._urgent: deque[Job[Any]] = deque()
        self._background: deque[Job[Any]] = deque()
        self._logged: str | None = None
        self._failure: str | None = None
        """Why the last transaction failed; None after one that was committed."""
        self._thread = JobThread("storage writes", self._step)

    async def run(self, work: Callable[[Database], T], *, urgent: bool = False) -> T:
        if not urgent:
            return await self._thread.run(self._background, work)
        try:
            return await self._thread.run(self._urgent, work, within=self._answers_within)
        except (NotBegunError, UncertainError) as error:
            self._failure = f"nothing can be stored: {error}"
            if isinstance(error, NotBegunError):
                raise _not_stored(error) from error
            raise

    def fault(self) -> str | None:
        """Why nothing can be committed, in a sentence for the operator; None when it can."""
        if not self._thread.alive:
            return "the thread that stores has ended"
        return self._engine.fault() or self._failure

    def close(self) -> None:
        self._thread.close()
        self._engine.close()

    def _step(self) -> bool:
        first = [queue[0].asked for queue in (self._urgent, self._background) if queue]
        if not first:
            return False
        until = min(first) + LOCK_WAIT
        try:
            self._engine.begin(until)
        except self._engine.error as error:
            # Only the jobs that waited long enough fail of a lock; any other error fails them all.
            batch = self._late() if self._engine.is_locked(error) else self._next_batch()
            self._failed(error, batch)
            answer(batch, [_not_stored(error) for _ in batch])
        else:
            # The batch is taken with the lock held, so that it holds the jobs that came meanwhile.
            batch = self._next_batch()
            answer(batch, self._commit(batch, until))
        return True

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
        if not batch or self._waited_long():
            room = min(BATCH - len(batch), len(self._background))
            batch += [self._background.popleft() for _ in range(room)]
        return [job for job in batch if job.begin()]

    def _waited_long(self) -> bool:
        waiting = self._background
        return bool(waiting) and time.monotonic() - waiting[0].asked >= self._gives_way

    def _commit(self, batch: list[Job[Any]], until: float) -> list[Any]:
        """Each job's result or exception. When the commit fails, every job of the batch fails.

        Call it in a transaction. Where the connection was lost before the commit, the batch is run
        once more over a new one.

        :param until: when to stop connecting, seconds of the monotonic clock
        """
        try:
            return self._try_commit(batch)
        except self._engine.error as error:
            lost = self._engine.note(error)
            self._engine.rollback()
            failure = error
        if lost:
            try:
                self._engine.begin(until)
                return self._try_commit(batch)
            except self._engine.error as error:
                self._engine.note(error)
                self._engine.rollback()
                failure = error
        self._failed(failure, batch)
        error_class = UncertainError if self._engine.in_doubt else NotStoredError
        return [_not_stored(failure, error_class) for _ in batch]

    def _try_commit(self, batch: list[Job[Any]]) -> list[Any]:
        """Run all jobs, and commit. When one fails, undo them all and run each in a savepoint of
        its own.
        """
        engine, all_ran = self._engine, False
        # A savepoint, because a rollback would give the write lock away.
        engine.savepoint("batch")
        try:
            outcomes = [job.work(engine.db) for job in batch]
            all_ran = True
            return self._stored(outcomes)
        except Exception as error:  # the second run finds the job that failed, and its exception
            log.debug("one of several jobs failed", extra={"jobs": len(batch)}, exc_info=True)
            lost = isinstance(error, engine.error) and engine.note(error)
            if lost or (all_ran and not engine.commit_was_skipped):
                raise
        engine.rollback_to("batch")
        return self._stored([self._alone(job) for job in batch])

    def _stored(self, outcomes: list[Any]) -> list[Any]:
        """Commit, and return what each job is answered."""
        if fault := self._refusal():
            self._engine.rollback()
            return [NotStoredError(fault) for _ in outcomes]
        self._engine.commit()
        self._failure = None
        return outcomes

    def _failed(self, error: Exception, batch: list[Job[Any]]) -> None:
        """Remember why nothing of a batch was stored. The log says it once, until it changes."""
        first_line = str(error).partition("\n")[0]
        fault = f"nothing can be stored: {first_line}"
        if fault != self._failure:
            facts = {"jobs": len(batch)}
            log.error("nothing of several jobs was stored", extra=facts, exc_info=error)
        self._failure = fault

    def _refusal(self) -> str | None:
        """Why a commit would be lost, if it would. The log says it once."""
        fault = self._engine.refusal()
        if fault and fault != self._logged:
            log.error(
                "nothing is stored until the file is back, or constat is restarted",
                extra={"why": fault},
            )
        self._logged = fault
        return fault

    def _alone(self, job: Job[Any]) -> Any:
        engine = self._engine
        engine.savepoint("job")
        try:
            outcome = job.work(engine.db)
            engine.release("job")
        except Exception as error:  # it is raised where the job was asked for
            of_engine = isinstance(error, engine.error)
            # SQLite itself rolls everything back on a full disk.
            if (of_engine and engine.note(error)) or not engine.in_transaction:
                raise _ended(engine, error) from error
            engine.rollback_to("job")
            engine.release("job")
            if not of_engine:
                return error
            log.exception("a job was not stored")
            return _not_stored(error)
        return outcome


def _ended(engine: Engine, error: Exception) -> Exception:
    """The error of an engine for a transaction that ended before its commit."""
    if isinstance(error, engine.error):
        return error
    return engine.error("the transaction was rolled back")


def _not_stored(error: Exception, error_class: type[StorageError] = NotStoredError) -> StorageError:
    failure = error_class(str(error))
    failure.__cause__ = error
    return failure
