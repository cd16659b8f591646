"""Alarm clocks: the waits of loops, which another task or another process can end early."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.clock import Clock
from storage.news import News

J = TypeVar("J")


class Alarm:
    """An alarm clock: `wait` ends when the alarm is set, or after so many seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(self._clock.real(max(seconds, 0))):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()


class SharedAlarm(Alarm):
    """An alarm for a loop that may run in another process on the same database."""

    def __init__(self, topic: str, news: News, clock: Clock) -> None:
        """:param topic: of the message that sets the alarm in the other processes"""
        super().__init__(clock)
        self._topic, self._news = topic, news
        news.listen(topic, self.set_here)

    def set_here(self) -> None:
        """Set the alarm of this process only."""
        super().set()

    def set(self) -> None:
        self.set_here()
        self._news.notify(self._topic)


class Handover(SharedAlarm, Generic[J]):
    """An alarm for a worker, with the jobs that were claimed for it in the transaction that stored
    them: the worker need not look for these in the database. `set` makes it look.
    """

    def __init__(
        self,
        topic: str,
        news: News,
        clock: Clock,
        owner: str,
        lease: float,
        may_claim: Callable[[], bool] = lambda: True,
    ) -> None:
        """:param topic: as of `SharedAlarm`
        :param owner: of the claims
        :param lease: seconds for which a claim counts
        :param may_claim: as of `Worker`
        """
        super().__init__(topic, news, clock)
        self._owner, self.lease, self._may_claim = owner, lease, may_claim
        self._jobs: deque[tuple[J, float]] = deque()
        self._must_look = False

    @property
    def owner(self) -> str | None:
        """The owner of a claim; None when the worker of another process must claim the job."""
        return self._owner if self._may_claim() else None

    def set_here(self) -> None:
        self._must_look = True
        super().set_here()

    def give(self, job: J) -> None:
        """Hand a claimed job to the worker, and wake it."""
        self._jobs.append((job, self._clock.monotonic() + self.lease))
        super().set_here()

    def take(self) -> J | None:
        """The job that was given first; None when the database has to be looked at. A job whose
        claim is over is left to the worker that claims it next.
        """
        while self._jobs:
            job, until = self._jobs.popleft()
            if self._clock.monotonic() < until:
                return job
        self._must_look = False
        return None

    @property
    def is_waiting(self) -> bool:
        """Whether another job was given, or the database has to be looked at."""
        return bool(self._jobs) or self._must_look
