"""A circuit breaker for one API. The outcome of one report decides about the reports behind it.

closed     the API takes reports
open       the API is busy or cannot be reached: only a report that a person asks for is tried
half open  the time is over: one report is tried, and the others go if that one is taken
"""

import enum

from bot.clock import Clock
from bot.delivery.decision import Cause, Decision, Hold, Wait

BUSY = "busy"
UNREACHABLE = "unreachable"
CAUSES = (UNREACHABLE, BUSY)
"""The causes of waiting that are the API's, and so every report's."""


class Admits(enum.Enum):
    """Which reports may be sent now."""

    ALL = enum.auto()
    ONE = enum.auto()
    ONE_ASKED_FOR = enum.auto()
    NONE = enum.auto()


class CircuitBreaker:
    """Kept in memory, by a clock that nobody can set. A start begins with one report."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends = 0.0
        self._probe: int | None = None
        self.cause: Cause | None = None
        """Why it is not closed."""
        self.changes = 0
        """Counts the outcomes that mean something for every report of the API."""

    def admits(self) -> Admits:
        if self.cause is None:
            return Admits.ALL
        if self._probe is not None:
            return Admits.NONE
        return Admits.ONE if self.left() == 0 else Admits.ONE_ASKED_FOR

    def left(self) -> float:
        """Seconds until one report may be tried."""
        return max(0.0, self._ends - self._clock.monotonic())

    def is_probing(self) -> bool:
        return self._probe is not None

    def admitted(self, number: int) -> None:
        """That report is being sent."""
        if self.cause is not None:
            self._probe = number

    def half_open(self, cause: Cause) -> None:
        """Try one report first."""
        self.cause, self._ends = cause, self._clock.monotonic()

    def record(self, number: int, decision: Decision) -> bool:
        """Take over the outcome of a report.

        :returns: whether the API takes reports again
        """
        was_probe = self._probe == number
        if was_probe:
            self._probe = None
        ends = self._ends_with(decision, was_probe=was_probe)
        self.changes += ends or isinstance(decision, (Wait, Hold))
        match decision:
            case Wait(seconds, cause):
                self._ends = max(self._ends, self._clock.monotonic() + seconds)
                self.cause = cause
                return False
            case Hold():
                self.cause = None  # an operator decides when the next report goes
                return False
        if ends:
            self.cause = None
        return ends

    def gave_up(self, number: int) -> None:
        """The outcome of a report is unknown."""
        if self._probe == number:
            self._probe = None

    def _ends_with(self, decision: Decision, *, was_probe: bool) -> bool:
        """Whether a report shows that the API is well again.

        An API that asked for a wait gets it, whatever it answers to reports that were on their way.
        """
        if self.cause is None or isinstance(decision, (Wait, Hold)):
            return False
        return was_probe or not (self.cause["why"] == BUSY and self.left() > 0)
