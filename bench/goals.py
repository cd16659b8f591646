"""What constat holds itself to, and whether it was so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.results import FIGURES, Results

Value = Callable[[Results], float | None]


@dataclass(frozen=True)
class Goal:
    words: str
    value: Value
    """None when it was not measured."""
    limit: float
    at_least: bool = False
    unit: str = "ms"

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Judged:
    goal: Goal
    value: float

    @property
    def met(self) -> bool:
        return self.goal.met(self.value)


def judged(results: Results) -> list[Judged]:
    """Each goal whose figures were measured."""
    found = ((goal, goal.value(results)) for goal in _goals())
    return [Judged(goal, value) for goal, value in found if value is not None]


def _goals() -> Iterator[Goal]:
    yield _many("acknowledged at 16, by bare", "bare", 1.0)
    yield _many("acknowledged at 16, by bare, tuned", "tuned", 0.6)
    answer = "time to the answer"
    by_bare = _ratio("time.1.median", "bare")
    yield Goal(f"{answer}, median at 1, by bare", by_bare, 0.1, unit="times")
    yield Goal(f"{answer}, 99th percentile at 64", _median("time.64.slow"), 50)
    yield Goal("redraw of a form", _median("redraw"), 5)
    yield Goal("opening a form", _median("open"), 5)
    yield Goal("*Send* to the API request", _median("submit"), 10)
    yield Goal("the API's answer to the confirmation", _median("confirm"), 10)
    yield Goal("drain, by what the concurrency allows", _median("drain"), 1.3, unit="times")
    yield Goal("longest step of the event loop", _median("block"), 20)
    yield Goal("start to ready", _median("start"), 1.0, unit="s")
    yield Goal("memory at rest", _median("memory.rest"), 100, unit="MB")
    yield Goal("memory after 10,000 submissions", _median("memory.1"), 100, unit="MB")
    yield Goal("memory after 20,000, by 10,000", _growth_of_memory, 1.01, unit="times")
    for name in ("ack.1", "ack.16", "ack.64"):
        yield Goal(f"growth: {FIGURES[name].title}", _slowed(name), 1.2, unit="times")
    for name in ("redraw", "open", "submit", "confirm", "drain", "start"):
        yield Goal(f"growth: {FIGURES[name].title}", _lengthened(name), 1.2, unit="times")


def _many(words: str, other: str, limit: float) -> Goal:
    return Goal(words, _ratio("ack.16", other), limit, at_least=True, unit="times")


def _ratio(figure: str, other: str) -> Value:
    return lambda results: results.ratio(figure, "constat", other)


def _median(figure: str) -> Value:
    return lambda results: results.median(figure, "constat")


def _slowed(figure: str) -> Value:
    return lambda results: results.ratio(figure, "constat", "million")


def _lengthened(figure: str) -> Value:
    return lambda results: results.ratio(figure, "million", "constat")


def _growth_of_memory(results: Results) -> float | None:
    before, after = (results.median(f"memory.{n}", "constat") for n in (1, 2))
    return after / before if before and after else None
