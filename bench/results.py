"""What was measured: a sample for each figure, column and round."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

COLUMNS = {
    "constat": "constat",
    "million": "constat with {stored} reports",
    "postgres": "constat on PostgreSQL",
    "postgres.full": "constat on PostgreSQL with {stored_in_postgres} reports",
    "postgres.two": "two bots on PostgreSQL",
    "bare": "empty Bolt app",
    "tuned": "empty Bolt app without polling",
    "node": "empty Bolt app on Node",
    "disk": "one commit to disk",
}
"""The programs that are measured, by the name of a column: the heading of the column."""


@dataclass(frozen=True)
class Figure:
    title: str
    unit: str
    digits: int = 1


FIGURES = {
    "ack.1": Figure("throughput, 1 connection", "submissions per second", 0),
    "ack.16": Figure("throughput, 16 connections", "submissions per second", 0),
    "ack.64": Figure("throughput, 64 connections", "submissions per second", 0),
    "time.1.median": Figure("response time, 1 connection, median", "ms", 2),
    "time.1.slow": Figure("response time, 1 connection, 99th percentile", "ms", 1),
    "time.16.median": Figure("response time, 16 connections, median", "ms", 1),
    "time.16.slow": Figure("response time, 16 connections, 99th percentile", "ms", 1),
    "time.64.median": Figure("response time, 64 connections, median", "ms", 1),
    "time.64.slow": Figure("response time, 64 connections, 99th percentile", "ms", 1),
    "busy": Figure("processor time of one submission, 16 connections", "ms", 2),
    "redraw": Figure("from a choice in a form to `views.update`", "ms", 1),
    "open": Figure("from a command to `views.open`", "ms", 1),
    "submit": Figure("from *Send* to the API request", "ms", 1),
    "confirm": Figure("from the API's answer to the confirmation in Slack", "ms", 1),
    "home": Figure("from the opening of a Home to `views.publish`, full file", "ms", 1),
    "home.busy": Figure("processor time of one Home, full file", "ms", 1),
    "ask.week": Figure("processor time of `constat week`, full file", "s", 2),
    "ask.stuck": Figure("processor time of `constat log --stuck`, full file", "s", 2),
    "ask.waiting": Figure(
        "processor time of `constat log --state waiting --state held`, full file", "s", 2
    ),
    "drain": Figure("time to deliver all waiting reports, relative to the ideal", "times", 2),
    "busy.server": Figure(
        "processor time of PostgreSQL for one submission, 16 connections", "ms", 2
    ),
    "rolling": Figure("failed forms while each bot is restarted", "forms", 0),
    "block": Figure("longest step of the event loop under load, processor time", "ms", 1),
    "start": Figure("from start to ready", "s", 2),
    "memory.rest": Figure("memory at rest", "MB", 0),
    "memory.1": Figure("memory after {first} submissions", "MB", 0),
    "memory.2": Figure("memory after {second} submissions", "MB", 0),
}


@dataclass
class Results:
    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """By figure, then by column."""

    def add(self, column: str, measured: Mapping[str, float]) -> None:
        for figure, value in measured.items():
            self.samples.setdefault(figure, {}).setdefault(column, []).append(value)

    def of(self, figure: str, column: str) -> list[float]:
        return self.samples.get(figure, {}).get(column, [])

    def median(self, figure: str, column: str) -> float | None:
        values = self.of(figure, column)
        return median(values) if values else None

    def ratio(self, figure: str, column: str, other: str) -> float | None:
        """How often the other's, round by round, so that a noisy moment is in both; the median."""
        pairs = zip(self.of(figure, column), self.of(figure, other), strict=False)
        ratios = [figure / against for figure, against in pairs if against]
        return median(ratios) if ratios else None

    def columns(self) -> list[str]:
        there = {column for by_column in self.samples.values() for column in by_column}
        return [column for column in COLUMNS if column in there]
