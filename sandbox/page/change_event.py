"""An event for all tasks that wait for a change of the page."""

import asyncio


class ChangeEvent:
    """Changes are counted, so that a change between two waits is not missed."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def notify(self) -> None:
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait_after(self, count: int) -> int:
        """Wait until there were more than `count` changes, and give how many there were."""
        while self.count <= count:
            await self._next.wait()
        return self.count
