"""A clock that runs faster, to live through minutes or a day in a test."""

import time

from bot.clock import Clock

T0 = 1_800_000_000.0
"""When it begins: UNIX seconds, in January 2027."""


class FastClock(Clock):
    """:param speed: its seconds in one of the machine's; may be changed at any time"""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._from, self._passed = time.monotonic(), 0.0
        self._started_at = T0

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._passed, self._from, self._speed = self.monotonic(), time.monotonic(), speed

    def time(self) -> float:
        return self._started_at + self.monotonic()

    def monotonic(self) -> float:
        return self._passed + (time.monotonic() - self._from) * self._speed

    def real(self, seconds: float) -> float:
        return seconds / self._speed

    def skip(self, seconds: float) -> None:
        """Let that much time pass at once. A sleep that has begun is not shortened.

        A speed of thousands would do the same on an idle machine, but on a busy one a lease then
        ends before the work under it can be done."""
        self._passed += seconds

    def set_date(self, seconds: float) -> None:
        """Set the date that many seconds forward, or back when they are below 0."""
        self._started_at += seconds
