"""Questions about many reports, and about one with everything that belongs to it.

All functions only read. Call those that answer one question together in one transaction.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from storage.canonical_json import read_object
from storage.engine import Database
from storage.states import State
from storage.text_search import TextSearch
from storage.transitions import Json

__all__ = ["Database", "ReportFilter", "ReportRow", "list_reports", "oldest_unsent", "whole_report"]


@dataclass(frozen=True)
class ReportRow:
    """A report as it is listed. Times are UNIX seconds. A damaged JSON object is empty."""

    number: int
    kind: str
    api: str
    who: str
    created_at: float
    changed_at: float
    payload: Json
    state: str
    cause: Json
    next_try: float
    attempts: int
    remote_id: str | None
    erased_at: float | None
    labels: Json = field(default_factory=dict)


@dataclass(frozen=True)
class ReportFilter:
    """Which reports are meant. An empty filter means all. Times are UNIX seconds."""

    since: float | None = None
    until: float | None = None
    """Reports that were stored before this time."""
    states: Collection[str] = ()
    kinds: Collection[str] = ()
    people: Collection[str] | None = None
    """Slack user ids. None means everybody, and an empty collection nobody."""
    stuck_since: float | None = None
    """Reports that somebody has to look at: held, refused and unknown reports, and reports that
    were stored before this time and are still not sent."""
    text: TextSearch | None = None
    """Words that the report's texts contain."""


UNFINISHED = "state not in ('filed', 'discarded')"
"""The condition of the index reports_unfinished. SQLite compares it by its text."""
FINISHED = frozenset({State.FILED, State.DISCARDED})
"""The states that `UNFINISHED` excludes."""


def list_reports(
    db: Database, wanted: ReportFilter, *, limit: int | None = None
) -> Iterator[ReportRow]:
    """Reports, oldest first.

    :param limit: only so many, the newest ones
    """
    where, values = _where(wanted)
    if limit is not None:
        newest = _newest(db, wanted, where, values, limit)
        where, values = "number in (select cast(value as integer) from json_each(:numbers))", {}
        values["numbers"] = json.dumps(newest)
    for row in db.execute(
        f"select {_COLUMNS} from reports where {where} order by number",  # noqa: S608 - conditions of this file
        values,
    ):
        if wanted.text is None or wanted.text.is_in(row["payload"], row["labels"]):
            yield _report_row(row)


def _newest(
    db: Database, wanted: ReportFilter, where: str, values: dict[str, object], limit: int
) -> list[int]:
    """The numbers of the newest reports, `limit` at most."""
    text = wanted.text
    sql = f"select number, payload, labels from reports where {where} order by number desc"  # noqa: S608 - conditions of this file
    if text is None:
        rows = db.execute(f"{sql} limit {limit}", values)
        return [row["number"] for row in rows]
    found = (
        row["number"]
        for row in db.execute(sql, values)
        if text.is_in(row["payload"], row["labels"])
    )
    return list(islice(found, limit))


def kinds(db: Database) -> set[str]:
    """The kinds of reports that are stored, or were."""
    return {row[0] for row in db.execute("select kind from report_counts")}


def oldest_unsent(db: Database) -> ReportRow | None:
    """The oldest report that the API does not have yet and that will be sent by itself, or as soon
    as a setting is renewed.
    """
    row = db.execute(
        # Without the name of the index, SQLite looks at all reports in the order of their times.
        f"select {_COLUMNS} from reports indexed by reports_unfinished where {UNFINISHED}"  # noqa: S608 - names of this file
        " and state in ('waiting', 'sending', 'held') order by created_at limit 1"
    ).fetchone()
    return _report_row(row) if row else None


@dataclass(frozen=True)
class HistoryRow:
    at: float
    who: str | None
    state: str
    cause: Json


@dataclass(frozen=True)
class CallRow:
    at: float
    api: str
    method: str
    path: str
    status: int | None
    milliseconds: float
    error: str | None


@dataclass(frozen=True)
class MessageRow:
    at: float
    what: str
    channel: str
    ts: str
    thread_ts: str | None


@dataclass(frozen=True)
class WholeReport:
    """A report with everything that is stored about it, each list oldest first."""

    report: ReportRow
    origin: Json
    answer: Json
    history: Sequence[HistoryRow]
    calls: Sequence[CallRow]
    messages: Sequence[MessageRow]


def whole_report(db: Database, number: int) -> WholeReport | None:
    row = db.execute(
        f"select {_COLUMNS}, origin, answer from reports where number = ?",  # noqa: S608 - ours
        [number],
    ).fetchone()
    if row is None:
        return None
    *columns, origin, answer = tuple(row)
    history = db.execute(
        "select at, who, state, cause from history where number = ? order by id", [number]
    )
    calls = db.execute(
        "select at, api, method, path, status, milliseconds, error from calls"
        " where number = ? order by id",
        [number],
    )
    messages = db.execute(
        "select at, what, channel, ts, thread_ts from messages where number = ? order by id",
        [number],
    )
    return WholeReport(
        report=_report_row(columns),
        origin=read_object(origin) or {},
        answer=read_object(answer) or {},
        history=[
            HistoryRow(at, who, state, read_object(cause) or {})
            for at, who, state, cause in history
        ],
        calls=[CallRow(*values) for values in calls],
        messages=[MessageRow(*values) for values in messages],
    )


_COLUMNS = (
    "number, kind, api, who, created_at, changed_at, payload, state, cause, next_try, attempts,"
    " remote_id, erased_at, labels"
)


def _report_row(row: Any) -> ReportRow:
    values = dict(zip(_COLUMNS.split(", "), tuple(row), strict=True))
    objects = {name: read_object(values[name]) or {} for name in ("payload", "cause", "labels")}
    return ReportRow(**values | objects)


def _where(wanted: ReportFilter) -> tuple[str, dict[str, object]]:
    """The condition, and its values by name."""
    conditions = ["true"]
    if wanted.since is not None:
        conditions.append("created_at >= :since")
    if wanted.until is not None:
        conditions.append("created_at < :until")
    if wanted.states:
        conditions.append("state in (select value from json_each(:states))")
        if FINISHED.isdisjoint(wanted.states):
            conditions.append(UNFINISHED)  # few reports are, and an index has them
    if wanted.kinds:
        conditions.append("kind in (select value from json_each(:kinds))")
    if wanted.people is not None:
        conditions.append("who in (select value from json_each(:people))")
    if wanted.stuck_since is not None:
        conditions += [
            UNFINISHED,
            "(state in ('held', 'refused', 'unknown') or created_at < :stuck_since)",
        ]
    patterns: dict[str, str] = {}
    if wanted.text is not None:
        condition, patterns = wanted.text.condition()
        conditions.append(condition)
    return " and ".join(conditions), {
        **patterns,
        "since": wanted.since,
        "until": wanted.until,
        "states": json.dumps(sorted(wanted.states)),
        "kinds": json.dumps(sorted(wanted.kinds)),
        "people": json.dumps(sorted(wanted.people or ())),
        "stuck_since": wanted.stuck_since,
    }
