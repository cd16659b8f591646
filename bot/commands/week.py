"""`constat week`: what was reported in a week, and how long it took."""

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

import click
from sqlite_utils import Database

from bot.commands.database import load_settings, reading
from bot.commands.describe import Describe
from bot.commands.output import cut, print_json, print_table, to_stdout, utc
from bot.commands.subjects import places_of
from bot.commands.times import Span, SpanType, length, local, week_of
from storage import report_queries, week_queries
from storage.report_queries import ReportRow

MOST = 15
"""Lines of each table."""
ELSEWHERE = "(no place known)"

HELP = """Count the reports of a week, from Monday to Sunday.

Without --of, it is the last week that is over. Reports count in the week in which they were sent.
A report about several places counts once for each place.

\b
Examples:
  constat week
  constat week --of today
  constat week --of 2026-11-23 --json
"""


@click.command("week", help=HELP, short_help="count the reports of a week")
@click.option("--of", "day", type=SpanType(), help="A day of the week that is meant.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def week(day: Span | None, *, as_json: bool) -> None:
    settings = load_settings()
    if day is None:
        meant = datetime.now().astimezone() - timedelta(days=7)
    else:
        meant = datetime.fromtimestamp(day.begin).astimezone()
    span = week_of(meant.date())
    with reading(settings.constat_db) as db:
        describe = Describe.from_file(db, settings.constat_language)
        found = _count(db, span, describe)
    with to_stdout() as out:
        if as_json:
            print_json(out, _json(found, describe))
        else:
            _print(out, found, describe)


@dataclass(frozen=True)
class Week:
    span: Span
    total: int
    by: Mapping[str, Mapping[str, int]]
    """Counts by kind, state, place and person."""
    filed_after: list[float]
    """Seconds until each report was filed, sorted."""
    oldest_unsent: ReportRow | None
    """Of all reports, not only of this week's."""


def _count(db: Database, span: Span, describe: Describe) -> Week:
    counts = week_queries.count_between(db, span.begin, span.end)
    places: Counter[str] = Counter()
    for kind in counts.by["kind"]:
        places_in = places_of(db, kind)
        for payload in week_queries.payloads(db, kind, span.begin, span.end):
            places.update(places_in(payload) or (ELSEWHERE,))
    people: Counter[str] = Counter()
    for who, n in counts.by["who"].items():
        people[describe.people.name(who)] += n
    return Week(
        span=span,
        total=counts.total,
        by={
            "kind": counts.by["kind"],
            "state": counts.by["state"],
            "place": dict(places.most_common()),
            "person": dict(people.most_common()),
        },
        filed_after=week_queries.seconds_until_filed(db, span.begin, span.end),
        oldest_unsent=report_queries.oldest_unsent(db),
    )


def _print(out: TextIO, found: Week, describe: Describe) -> None:
    last = local(found.span.end - 1)[:10]
    print(f"Week from {local(found.span.begin)[:10]} to {last}", file=out)
    print(f"Reports: {found.total:,}", file=out)
    if found.filed_after:
        median, worst = statistics.median(found.filed_after), found.filed_after[-1]
        print(f"Until filed: median {length(median)}, worst {length(worst)}", file=out)
    print(f"Oldest unsent: {_unsent(found.oldest_unsent, describe)}", file=out)
    for title, counts in found.by.items():
        if counts:
            _print_counts(out, title, counts)


def _print_counts(out: TextIO, title: str, counts: Mapping[str, int]) -> None:
    """The largest counts, and the sum of the others."""
    rows = [(cut(name, 60), f"{n:,}") for name, n in list(counts.items())[:MOST]]
    others = list(counts.values())[MOST:]
    if others:
        rows.append((f"({len(others):,} others)", f"{sum(others):,}"))
    print(file=out)
    print_table(out, (title, "reports"), rows, right=frozenset({1}))


def _unsent(report: ReportRow | None, describe: Describe) -> str:
    if report is None:
        return "none"
    number, when, who, what, state, reason, _ = describe.cells(report)
    return f"no. {number} of {when} by {who}: {what} ({state}: {reason})"


def _json(found: Week, describe: Describe) -> dict[str, object]:
    oldest = found.oldest_unsent
    return {
        "from": utc(found.span.begin),
        "to": utc(found.span.end),
        "reports": found.total,
        **{name: dict(counts) for name, counts in found.by.items()},
        "medianSeconds": statistics.median(found.filed_after) if found.filed_after else None,
        "worstSeconds": found.filed_after[-1] if found.filed_after else None,
        "oldestUnsent": describe.fields(oldest) if oldest else None,
    }
