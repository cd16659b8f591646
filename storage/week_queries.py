"""Counts of the reports of a span of time. All functions only read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from storage.canonical_json import read_object
from storage.engine import Database
from storage.transitions import Json

Column = str
_COUNTED = ("kind", "state", "who")


@dataclass(frozen=True)
class Counts:
    """How many reports there are, by each value of a column."""

    total: int
    by: Mapping[Column, Mapping[str, int]]
    """By `kind`, `state` and `who`. The largest number comes first."""


def count_between(db: Database, since: float, until: float) -> Counts:
    """Reports that were stored in a span. Times are UNIX seconds."""
    counters: dict[Column, Counter[str]] = {column: Counter() for column in _COUNTED}
    total = 0
    for row in db.execute(
        "select kind, state, who, count(*) from reports"
        " where created_at >= ? and created_at < ? group by 1, 2, 3",
        [since, until],
    ):
        *values, n = tuple(row)
        total += n
        for column, value in zip(_COUNTED, values, strict=True):
            counters[column][value] += n
    return Counts(
        total, {column: dict(counter.most_common()) for column, counter in counters.items()}
    )


def seconds_until_filed(db: Database, since: float, until: float) -> list[float]:
    """For each report of a span that was filed: from *Send* to the API's confirmation, sorted."""
    rows = db.execute(
        "select max(changed_at - created_at, 0) from reports"
        " where created_at >= ? and created_at < ? and state = 'filed' order by 1",
        [since, until],
    )
    return [float(row[0]) for row in rows]


def payloads(db: Database, kind: str, since: float, until: float) -> Iterator[Json]:
    """The payload of each report of a kind in a span. A damaged one is empty."""
    rows = db.execute(
        # Without the name of the index, SQLite reads all reports of the kind.
        "select payload from reports indexed by reports_by_time"
        " where created_at >= ? and created_at < ? and kind = ?",
        [since, until, kind],
    )
    for row in rows:
        yield read_object(row[0]) or {}


def address(db: Database, number: int) -> str | None:
    """The link to the newest message in Slack that shows a report. If there is none, the link to
    the message that the report is about.
    """
    row = db.execute(
        "select channel, ts, thread_ts from messages where number = ? order by id desc limit 1",
        [number],
    ).fetchone()
    if row is None:
        [origin] = db.execute("select origin from reports where number = ?", [number]).fetchone()
        link = (read_object(origin) or {}).get("link")
        return link if isinstance(link, str) and link else None
    channel, ts, thread = tuple(row)
    base = f"https://slack.com/archives/{channel}/p{ts.replace('.', '')}"
    return f"{base}?thread_ts={thread}&cid={channel}" if thread else base
