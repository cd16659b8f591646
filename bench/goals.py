"""The goals for the figures of the benchmark, and whether a run met them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.results import COLUMNS, FIGURES, Results

Value = Callable[[Results], float | None]


@dataclass(frozen=True)
class Goal:
    words: str
    value: Value
    """Computes the value from the results. The value is None if it was not measured."""
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
    values = ((goal, goal.value(results)) for goal in goals())
    return [Judged(goal, value) for goal, value in values if value is not None]


def goals() -> Iterator[Goal]:
    """Each goal, in the order of the page."""
    yield _throughput_relative_to("bare", 1.2)
    yield _throughput_relative_to("tuned", 0.8)
    response = FIGURES["time.1.median"].title
    relative = _ratio("time.1.median", "bare")
    yield Goal(f"{response}, relative to an {COLUMNS['bare']}", relative, 0.13, unit="times")
    yield _absolute("time.64.slow", 50)
    yield _absolute("redraw", 5)
    yield _absolute("open", 5)
    yield _absolute("submit", 10)
    yield _absolute("confirm", 10)
    yield _absolute("home", 300)
    yield _absolute("home.busy", 5)
    yield _absolute("ask.week", 0.6)
    yield _absolute("ask.stuck", 0.6)
    yield _absolute("ask.waiting", 0.6)
    yield _absolute("drain", 1.3)
    yield _absolute("block", 20)
    yield _absolute("start", 1.0)
    yield _absolute("memory.rest", 100)
    yield Goal("memory after 10,000 submissions", _median("memory.1"), 100, unit="MB")
    yield Goal(
        "memory after 20,000 submissions, relative to 10,000", _growth_of_memory, 1.01, unit="times"
    )
    for name in ("ack.1", "ack.16", "ack.64"):
        yield Goal(f"{FIGURES[name].title}, empty file relative to full", _slowed(name), 1.2,
                   unit="times")  # fmt: skip
    for name in ("redraw", "open", "submit", "confirm", "drain", "start"):
        yield Goal(f"{FIGURES[name].title}, full file relative to empty", _lengthened(name), 1.2,
                   unit="times")  # fmt: skip
    yield from _of_postgres()


def _of_postgres() -> Iterator[Goal]:
    ack, response = FIGURES["ack.16"].title, FIGURES["time.1.median"].title
    values: list[tuple[str, Value, float, bool]] = [
        (f"{ack}, PostgreSQL relative to a file",
         lambda results: results.ratio("ack.16", "postgres", "constat"), 0.6, True),
        (f"{ack}, two bots on PostgreSQL relative to one",
         lambda results: results.ratio("ack.16", "postgres.two", "postgres"), 1.6, True),
        (f"{response}, PostgreSQL relative to a file",
         lambda results: results.ratio("time.1.median", "postgres", "constat"), 2.0, False),
        (f"{ack}, empty PostgreSQL database relative to full",
         lambda results: results.ratio("ack.16", "postgres", "postgres.full"), 1.2, False),
    ]  # fmt: skip
    for words, value, limit, at_least in values:
        yield Goal(words, value, limit, at_least=at_least, unit="times")
    yield Goal(
        "from *Send* at one bot to the API request of another",
        lambda results: results.median("submit", "postgres.two"),
        50,
    )
    rolling = FIGURES["rolling"].title
    yield Goal(rolling, lambda results: results.median("rolling", "postgres.two"), 0, unit="forms")


def _throughput_relative_to(column: str, limit: float) -> Goal:
    words = f"{FIGURES['ack.16'].title}, relative to an {COLUMNS[column]}"
    return Goal(words, _ratio("ack.16", column), limit, at_least=True, unit="times")


def _absolute(name: str, limit: float) -> Goal:
    """A limit for the median of constat's figure, in the unit of the figure."""
    return Goal(FIGURES[name].title, _median(name), limit, unit=FIGURES[name].unit)


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
