"""Slack and the APIs, whose date stays right when that of the bot is set."""

from bot.clock import Clock
from sandbox.sandbox import Sandbox
from tests.fast_clock import T0, FastClock
from tests.world import without_lists

HOUR = 3600.0


class OthersClock(Clock):
    """The date of Slack and the APIs, which nobody here sets."""

    def __init__(self, ours: FastClock) -> None:
        self._ours = ours

    def time(self) -> float:
        return T0 + self._ours.monotonic()


def others(ours: FastClock) -> Sandbox:
    return without_lists(OthersClock(ours))
