"""Work beside the answer: started, kept, and waited for at the end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from bot.clock import Clock
from storage.store import StorageError

T = TypeVar("T")
log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds that a loop rests after a fault; the rest doubles with each fault in a row."""


class Tasks:
    """A set of running tasks. One that fails is logged with its traceback, for the operator."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for all to end, for so long at most; then cancel the rest."""
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


class Alarm:
    """An alarm: `wait` ends when it is set, or after so many seconds."""

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


async def run_in_steps(
    begin: Callable[[], Awaitable[object]],
    step: Callable[[], Awaitable[float]],
    news: Alarm,
    who: str,
) -> None:
    """Begin, and then take one step after another, until cancelled. A fault of the file is logged
    and outlived.

    :param step: gives the seconds until there may be more, unless there are news before
    :param who: waits for the file, in the log's words
    """
    began = False
    while True:
        try:
            if not began:
                await begin()
                began = True
            wait = await step()
        except StorageError:
            log.exception("%s wait for the file", who)
            wait = 1.0
        await news.wait(wait)


class FaultLog:
    """Logs each fault with its traceback once, however often it comes back in a row."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._last: dict[str, str] = {}

    def fault(self, what: str, error: BaseException) -> None:
        """:param what: what could not be done, with the report's number if there is one"""
        fault = f"{type(error).__name__}: {error}"
        if self._last.get(what) == fault:
            self._logger.debug("%s: %s", what, fault)
            return
        self._last[what] = fault
        self._logger.error("%s: %s", what, fault, exc_info=error)

    def over(self, what: str) -> None:
        """It could be done: the next fault is logged again."""
        self._last.pop(what, None)


async def repeat(
    name: str, step: Callable[[], Awaitable[float]], alarm: Alarm, faults: FaultLog
) -> None:
    """Take one step after another until cancelled. A step that raises is logged, and repeated
    after a pause.

    :param name: of the loop, for the log
    :param step: gives the seconds until the next step, which an alarm may shorten
    """
    pause = FIRST_PAUSE
    what = f"{name}: a step failed, the next follows after a pause"
    while True:
        try:
            wait = await step()
        except Exception as error:  # noqa: BLE001 - logged; a loop that ends stops everybody
            faults.fault(what, error)
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
        else:
            faults.over(what)
            pause = FIRST_PAUSE
        await alarm.wait(wait)
