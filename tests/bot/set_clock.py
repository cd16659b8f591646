"""A clock that a test sets."""

from bot.clock import Clock
from tests.fast_clock import T0


class SetClock(Clock):
    """It shows `now`, UNIX seconds. Sleeping takes no time of the machine's."""

    def __init__(self) -> None:
        self.now = T0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def since_boot(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
