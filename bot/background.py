"""Work beside the answers to Slack: tasks, loops that go on after a fault, and a worker of jobs."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from bot.alarms import Alarm, Handover, SharedAlarm
from bot.clock import Clock
from bot.fault_log import FaultLog

__all__ = [
    "POLL_EVERY",
    "Alarm",
    "Claimed",
    "Handover",
    "Idle",
    "JobSource",
    "SharedAlarm",
    "Tasks",
    "Worker",
    "repeat",
]

T = TypeVar("T")
J = TypeVar("J")
log = logging.getLogger(__name__)

POLL_EVERY = 5.0
"""Seconds between two looks for jobs that another process stored."""
NOT_NOW = 0.5
"""Seconds between two looks of a worker whose process is not the back office any more."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds that a loop rests after a fault; the rest doubles with each fault in a row."""


class Tasks:
    """A set of running tasks. A task that fails is logged with its traceback."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for all tasks, at most so many seconds; then cancel the rest."""
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background work failed", exc_info=error)


async def repeat(
    name: str, step: Callable[[], Awaitable[float]], alarm: Alarm, logger: logging.Logger
) -> None:
    """Take one step after another until cancelled. A step that raises is logged, and repeated
    after a pause.

    :param name: of the loop, for the log
    :param step: gives the seconds until the next step, which an alarm may shorten
    :param logger: gets the faults of the steps
    """
    faults, pause = FaultLog(logger), FIRST_PAUSE
    message = "a step of a loop failed; the next follows after a pause"
    while True:
        try:
            wait = await step()
        except Exception as error:  # noqa: BLE001 - logged; a loop that ends stops everybody
            faults.fault(message, error, loop=name)
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
        else:
            faults.over(message, loop=name)
            pause = FIRST_PAUSE
        await alarm.wait(wait)


@dataclass(frozen=True)
class Claimed(Generic[J]):
    """A job that nobody else takes."""

    job: J
    another_in: float = 0.0
    """Seconds until another job may be claimed."""


@dataclass(frozen=True)
class Idle:
    """No job can be claimed now."""

    seconds: float
    """Seconds until a job may be claimed."""


class JobSource(Protocol[J]):
    """The source of a worker's jobs, and their handler."""

    async def claim(self) -> Claimed[J] | Idle:
        """Take a job that nobody else takes. Never called twice at the same time."""

    async def handle(self, job: J) -> bool:
        """:returns: whether another job may be claimed because this one is done"""

    async def let_go(self, job: J) -> None:
        """Do nothing about a job whose claim may be another process's by now."""


class Worker(Generic[J]):
    """Claims jobs one after another, and handles several at the same time."""

    def __init__(
        self,
        name: str,
        source: JobSource[J],
        *,
        slots: int,
        clock: Clock,
        alarm: Alarm | None = None,
        tasks: Tasks | None = None,
        lease: float = math.inf,
        may_claim: Callable[[], bool] = lambda: True,
    ) -> None:
        """:param slots: jobs that are handled at the same time
        :param alarm: wakes it
        :param tasks: where its jobs run; whoever drains these need not drain the worker
        :param lease: seconds after which a claim may be another process's
        :param may_claim: whether this process is the back office at this moment
        """
        self._name, self._source = name, source
        self._slots = asyncio.Semaphore(slots)
        self._alarm = alarm or Alarm(clock)
        self._tasks = tasks or Tasks()
        self._clock, self._lease, self._may_claim = clock, lease, may_claim
        self._faults = FaultLog(log)

    def wake(self) -> None:
        """There may be a new job."""
        self._alarm.set()

    async def run(self) -> None:
        """Work until cancelled."""
        await repeat(self._name, self._step, self._alarm, log)

    async def drain(self, seconds: float) -> None:
        """Let the jobs that were claimed be finished."""
        await self._tasks.drain(seconds)

    async def _step(self) -> float:
        while True:
            await self._slots.acquire()
            claimed: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            # In a task of its own, so that the end of this loop never cuts a claim from its job.
            self._tasks.start(self._claim_and_handle(claimed))
            if (seconds := await claimed) > 0:
                return seconds

    async def _claim_and_handle(self, claimed: "asyncio.Future[float]") -> None:
        """:param claimed: gets the seconds until the next claim, or the error of a failed claim"""
        began = self._clock.since_boot()
        try:
            claim = await self._claim(claimed)
            if claim is None:
                return
            if self._clock.since_boot() - began > self._lease / 2:
                log.warning("a claim came too late to be used", extra={"loop": self._name})
                await self._source.let_go(claim.job)
                return
            another = await self._source.handle(claim.job)
            self._faults.over("a job failed", loop=self._name)
            if another:
                self.wake()
        except Exception as error:  # noqa: BLE001 - logged; the jobs behind this one go on
            self._faults.fault("a job failed", error, loop=self._name)
        finally:
            self._slots.release()

    async def _claim(self, claimed: "asyncio.Future[float]") -> Claimed[J] | None:
        try:
            claim = await self._source.claim() if self._may_claim() else Idle(NOT_NOW)
            if not claimed.done():
                claimed.set_result(claim.seconds if isinstance(claim, Idle) else claim.another_in)
        except Exception as error:  # passed on to the loop, which waits for the future
            if claimed.done():  # the loop has ended, and logs nothing any more
                raise
            claimed.set_exception(error)
            return None
        finally:
            if not claimed.done():
                claimed.set_exception(RuntimeError("the claim was cancelled"))
        return None if isinstance(claim, Idle) else claim
