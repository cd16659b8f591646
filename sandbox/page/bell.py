"""Tells everyone who waits that something may look different now."""

import asyncio


class Bell:
    """Rings are counted, so that one between two waits is not missed."""

    def __init__(self) -> None:
        self.rings = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        self.rings += 1
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, heard: int) -> int:
        """Waits for a ring after the first `heard` ones, and gives how many there were."""
        while self.rings <= heard:
            await self._next.wait()
        return self.rings
