"""Time, as one thing that is passed along: what it is, and waiting for it."""

import asyncio
import time


class Clock:
    """The machine's own. Another may run faster, to live through a day in a test."""

    def time(self) -> float:
        """UNIX seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since a moment that is the same for the life of the process."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(self.real(seconds))

    def real(self, seconds: float) -> float:
        """How long these seconds last for the machine."""
        return seconds
