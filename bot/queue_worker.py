"""A worker of one queue in the database: claims its rows, one after another, and handles them."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.background import POLL_EVERY, Alarm, Claimed, Idle, Tasks, Worker
from bot.clock import Clock, StepDetector
from bot.fault_log import FaultLog

__all__ = ["POLL_EVERY", "Claimed", "Idle", "QueueWorker"]

J = TypeVar("J")


class QueueWorker(ABC, Generic[J]):
    """Works as long as `run` runs. `wake` it when a row was added.

    Rows that a dead process had claimed are freed at the start. The same happens whenever the date
    was set: the times in the database are dates, and none of them counts any more. Only the rows
    that this process has in hand stay claimed.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        logger: logging.Logger,
        *,
        slots: int,
        alarm: Alarm | None = None,
        tasks: Tasks | None = None,
        lease: float,
        may_claim: Callable[[], bool] = lambda: True,
    ) -> None:
        """:param name: of the loop, for the log and the metrics
        :param logger: gets the faults of single rows
        :param slots, alarm, tasks, lease, may_claim: as of `Worker`
        """
        self._clock = clock
        self._faults = FaultLog(logger)
        self._worker: Worker[J] = Worker(
            name,
            self,
            slots=slots,
            clock=clock,
            alarm=alarm,
            tasks=tasks,
            lease=lease,
            may_claim=may_claim,
        )
        self._steps = StepDetector(clock)
        self._is_freed = False

    def wake(self) -> None:
        """There may be work."""
        self._worker.wake()

    async def run(self) -> None:
        """Work until cancelled."""
        # Another process may have claimed rows since this one worked last.
        self._is_freed = False
        await self._worker.run()

    async def drain(self, seconds: float) -> None:
        """Wait for the claimed jobs to end, at most so many seconds."""
        await self._worker.drain(seconds)

    async def claim(self) -> Claimed[J] | Idle:
        """Take a row that no other process takes."""
        if self._steps.step() or not self._is_freed:
            await self._free_claims(self._clock.time())
            self._is_freed = True
        return await self._claim_next()

    async def let_go(self, job: J) -> None:
        """The row is due again when its lease has ended."""

    @abstractmethod
    async def _free_claims(self, now: float) -> None:
        """Make every row due now that no living process has claimed, and renew the own leases.

        :param now: UNIX seconds
        """

    @abstractmethod
    async def _claim_next(self) -> Claimed[J] | Idle:
        """Take the row that is due longest."""

    @abstractmethod
    async def handle(self, job: J) -> bool:
        """:returns: whether another row may be claimed because this one is done"""
