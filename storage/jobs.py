"""A thread that does jobs in batches. The event loop asks for a job and awaits its result."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from storage.engine import Database, StorageError

T = TypeVar("T")
log = logging.getLogger(__name__)


class StoreClosedError(StorageError):
    """A job was asked for after the end."""


class NotBegunError(StorageError):
    """The database did not answer for so long that the job will not be done."""


class UncertainError(StorageError):
    """The database does not say whether the job is stored."""

    outcome = "uncertain"


@dataclass
class Job(Generic[T]):
    work: Callable[[Database], T]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[T]
    asked: float = field(default_factory=time.monotonic)
    """Seconds of the monotonic clock."""
    _begun: bool = False
    _given_up: bool = False

    def begin(self) -> bool:
        """Call it in the thread.

        :returns: False when nobody waits any more, so that the job must not be done
        """
        self._begun = True
        return not self._given_up

    def give_up(self) -> StorageError:
        """Wait no longer. Call it in the event loop.

        :returns: the error for whoever waited
        """
        # Each side writes its own flag before it reads the other's. So a job that has not begun
        # here is found given up there.
        self._given_up = True
        error = UncertainError if self._begun else NotBegunError
        return error("the database does not answer")


class JobThread:
    """One thread. No other takes jobs from the queues, so beside it a queue can only grow."""

    def __init__(self, name: str, step: Callable[[], bool]) -> None:
        """:param step: does one batch of jobs; it returns False when no job waits"""
        self._step = step
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._ringing = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether jobs are still taken."""
        return not self._closing and self._thread.is_alive()

    async def run(
        self,
        queue: deque[Job[T]],
        work: Callable[[Database], T],
        *,
        within: float | None = None,
    ) -> T:
        """Put a job at the end of a queue, and wait for its result.

        :param within: seconds; None for however long it takes
        :raises StoreClosedError: after the thread's end
        :raises NotBegunError: when the thread did not come to the job in time
        :raises UncertainError: when the job was not done in time
        """
        if not self.alive:
            raise StoreClosedError("the store is closed")
        loop = asyncio.get_running_loop()
        job = Job(work, loop, loop.create_future())
        queue.append(job)
        # The jobs of one turn of the event loop wake the thread once, and so share a batch.
        if not self._ringing:
            self._ringing = True
            loop.call_soon(self._ring)
        try:
            async with asyncio.timeout(within):
                result: T = await job.done
        except TimeoutError:
            raise job.give_up() from None
        return result

    def close(self) -> None:
        """Do the jobs that were asked for, then end the thread."""
        self._closing = True
        self._bell.put(None)
        self._thread.join()

    def _ring(self) -> None:
        self._ringing = False
        self._bell.put(None)

    def _run(self) -> None:
        closing = False
        while not closing:
            self._bell.get()
            # The flag is read before the queues: a job that was asked for before `close` is done.
            closing = self._closing
            while self._step():
                pass


def answer(jobs: Sequence[Job[Any]], outcomes: Sequence[Any]) -> None:
    """Give each job its result in the event loop; an outcome that is an exception is raised there.

    Call it in the thread.
    """
    if jobs:
        try:
            jobs[0].loop.call_soon_threadsafe(_set_results, jobs, outcomes)
        except RuntimeError:  # the event loop was closed, so nobody waits
            log.warning("results came after the end of the event loop", extra={"jobs": len(jobs)})


def _set_results(jobs: Sequence[Job[Any]], outcomes: Sequence[Any]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if job.done.cancelled():
            continue
        if isinstance(outcome, Exception):
            job.done.set_exception(outcome)
        else:
            job.done.set_result(outcome)
