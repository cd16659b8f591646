"""The loops that run until the bot ends."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Loops:
    """The loops that run until the end. One that ended before is logged, and is in `ended`."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self.ended: list[str] = []
        """The names of the loops that ended by themselves."""

    def start(self, name: str, loop: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(loop, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def alive(self) -> dict[str, bool]:
        """Whether each loop runs, by name."""
        return {task.get_name(): not task.done() for task in self._tasks}

    async def stop(self) -> None:
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._stopping:
            return
        error = None if task.cancelled() else task.exception()
        self.ended.append(task.get_name())
        log.critical(
            "a loop ended; restart constat", extra={"loop": task.get_name()}, exc_info=error
        )
