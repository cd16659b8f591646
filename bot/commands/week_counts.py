"""The counts of one week, for `constat week` and for the message in a channel."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands.people import People
from bot.commands.subjects import places_of
from bot.commands.times import Span
from storage import report_queries, week_queries
from storage.engine import Database
from storage.report_queries import ReportRow

NOWHERE = ""
"""The place of a report whose place is not known."""
UNNAMED = {"place": "(no place known)", "person": "(erased)"}
"""The word for an empty name in tables."""


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


def count(db: Database, span: Span, people: People) -> Week:
    """Count the reports of a span. Call it in one transaction."""
    counts = week_queries.count_between(db, span.begin, span.end)
    places: Counter[str] = Counter()
    for kind in counts.by["kind"]:
        places_in = places_of(db, kind)
        for payload in week_queries.payloads(db, kind, span.begin, span.end):
            places.update(places_in(payload) or (NOWHERE,))
    persons: Counter[str] = Counter()
    for who, n in counts.by["who"].items():
        persons[people.distinct_name(who)] += n
    return Week(
        span=span,
        total=counts.total,
        by={
            "kind": counts.by["kind"],
            "state": counts.by["state"],
            "place": dict(places.most_common()),
            "person": dict(persons.most_common()),
        },
        filed_after=week_queries.seconds_until_filed(db, span.begin, span.end),
        oldest_unsent=report_queries.oldest_unsent(db),
    )


def with_names(title: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of one of `Week.by`, none of which has an empty name."""
    return {name or UNNAMED[title]: n for name, n in counts.items()}
