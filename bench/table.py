"""The tables of the benchmark, in Markdown, and how they are written into a page."""

import os
import platform
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bench.goals import Judged
from bench.plan import Plan
from bench.results import COLUMNS, FIGURES, Results

BEGIN = "<!-- `make bench` writes from here -->"
END = "<!-- to here -->"


def text(results: Results, verdicts: list[Judged], plan: Plan) -> str:
    """The table of figures and the table of goals, with a sentence about the machine."""
    return "\n".join(
        [_where(plan), "", *_figures(results, plan), "", _verdict(verdicts), "", *_goals(verdicts)]
    )


def write(page: Path, table: str) -> None:
    """Replace what is between the two marks of a Markdown page.

    The tables go to the end of a page without marks, and into a new page if there is none.
    """
    before = page.read_text("utf-8") if page.exists() else ""
    marked = f"{BEGIN}\n\n{table}\n\n{END}"
    pattern = re.escape(BEGIN) + r".*?" + re.escape(END)
    after = re.sub(pattern, lambda _: marked, before, count=1, flags=re.DOTALL)
    if BEGIN not in before:
        after = f"{before.rstrip()}\n\n{marked}\n".lstrip()
    page.write_text(after, "utf-8")


def _where(plan: Plan) -> str:
    return (
        f"The machine has {os.cpu_count()} processors, which the server under test shares with the"
        f" clients and the stand-ins. It runs {platform.system()}, Python"
        f" {platform.python_version()} and SQLite {sqlite3.sqlite_version}. Each program was"
        f" measured in {plan.rounds} rounds, in turns, for {plan.seconds:g} s at each number of"
        " connections. A cell is the median of the rounds, with the smallest and the largest in"
        " brackets."
    )


def _figures(results: Results, plan: Plan) -> Iterator[str]:
    columns = results.columns()
    stored = {
        "stored": f"{plan.stored:,}",
        "stored_in_postgres": f"{plan.stored_in_postgres:,}",
    }
    names = (COLUMNS[column].format(**stored) for column in columns)
    yield f"| | {' | '.join(names)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, figure in FIGURES.items():
        if name in results.samples:
            cells = (_cell(results.of(name, column), figure.digits) for column in columns)
            title = figure.title.format(
                first=f"{plan.remembered:,}", second=f"{2 * plan.remembered:,}"
            )
            yield f"| {title}, {figure.unit} | {' | '.join(cells)} |"


def _cell(values: list[float], digits: int) -> str:
    if not values:
        return ""
    ordered = sorted(values)
    middle = Results({"": {"": ordered}}).median("", "") or 0.0
    if len(values) == 1:
        return f"{middle:.{digits}f}"
    return f"{middle:.{digits}f} ({ordered[0]:.{digits}f} to {ordered[-1]:.{digits}f})"


def _verdict(verdicts: list[Judged]) -> str:
    met = sum(verdict.met for verdict in verdicts)
    return f"{met} of {len(verdicts)} goals are met."


def _goals(verdicts: list[Judged]) -> Iterator[str]:
    yield "| goal | measured | |"
    yield "|---|---|---|"
    for verdict in verdicts:
        goal = verdict.goal
        sign = "at least" if goal.at_least else "at most"
        yield (
            f"| {goal.words}: {sign} {goal.limit:g} {goal.unit} | {verdict.value:.2f} |"
            f" {'met' if verdict.met else '**missed**'} |"
        )
