"""Time as one object that is passed along: three clocks, and waiting.

time()       the date, as it is stored and shown; an operator or NTP may set it back or forward
monotonic()  for durations inside one process; it never goes back, and says nothing of the date
since_boot() the same for durations in which other machines go on; no test makes it faster
"""

import asyncio
import time

SMALLEST_STEP = 2.0
"""Seconds. A smaller difference between the two clocks is drift, and no setting of the date."""


class Clock:
    """The machine's own clocks. A test may pass one that runs faster."""

    def time(self) -> float:
        """UNIX seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since a moment that stays the same for the life of the process."""
        return time.monotonic()

    def since_boot(self) -> float:
        """Seconds, with those in which the machine was suspended."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(self.real(seconds))

    def real(self, seconds: float) -> float:
        """How long these seconds last for the machine."""
        return seconds


class StepDetector:
    """Notices that somebody set the machine's date."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = clock.time() - clock.monotonic()

    def step(self) -> float:
        """Seconds by which the date was set since the last call: below 0 for back, 0 for not."""
        offset = self._clock.time() - self._clock.monotonic()
        # Taken over each time, so that slow drift never adds up to a step.
        step, self._offset = offset - self._offset, offset
        return step if abs(step) >= SMALLEST_STEP else 0.0
