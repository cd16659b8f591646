"""A report as a row, and the change of its state. Only this package uses it.

`apply_change` changes a state and writes the audit row. Beside it, `delivery_queue` claims, renews
a lease, postpones and resumes, and `reports.edit` replaces the payload before it applies a change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from storage import audit, notices
from storage.canonical_json import read_object, to_json
from storage.engine import Cursor, Database, Row
from storage.states import State
from storage.workspaces import INSTALLED

__all__ = [
    "INSTALLED",
    "Change",
    "Cursor",
    "Database",
    "Json",
    "Report",
    "apply_change",
    "fetch_one",
    "report_of",
]

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """A stored report. Times are UNIX seconds."""

    number: int
    key: str
    kind: str
    api: str
    who: str
    created_at: float
    origin: Json
    payload: Json
    state: State
    cause: Json
    """Why it is in this state: a `why` and its facts."""
    changed_at: float
    attempts: int
    next_try: float
    owner: str | None
    remote_id: str | None
    answer: Json
    labels: Json = field(default_factory=dict)
    """The names that were known when it was sent, in a shape of its kind's own. Empty for a report
    of an earlier release."""
    damaged: tuple[str, ...] = ()
    """The columns that could not be read. They are empty here, and unchanged in the file."""


@dataclass(frozen=True)
class Change:
    """A report's new state, and why it has it."""

    state: State
    cause: Json = field(default_factory=dict)
    who: str | None = None
    """The Slack user who decided it; None when the bot did."""
    next_try: float | None = None
    remote_id: str | None = None
    answer: Json | None = None
    about: Sequence[str] = ()
    """Targets that were found since the report was stored."""
    logged: Json | None = None
    """The cause in the history, if it differs from the cause of the state."""


def apply_change(
    db: Database, change: Change, now: float, where: str, values: Sequence[object]
) -> bool:
    """Change one report's state, write its audit row, add the notice of bad news, and mark its
    receipt as outdated.

    :param where: SQL that names one report, and the states from which it may change
    :returns: False when no report matches
    """
    row = fetch_one(
        db,
        f"update reports set {_NEW_STATE} where {where} returning *",  # noqa: S608 - ours
        [
            change.state,
            to_json(change.cause),
            now,
            change.state,
            now + notices.LATE_AFTER,
            change.next_try,
            change.remote_id,
            to_json(change.answer) if change.answer is not None else None,
            *values,
        ],
    )
    if row is None:
        return False
    number = int(row["number"])
    logged = change.cause if change.logged is None else change.logged
    audit.append(db, row, logged, now, who=change.who)
    notices.note_change(db, row, change.who, now)
    outdate_receipt(db, number, now)
    for target in change.about:
        db.execute(
            "insert into targets (target, kind, number) values (?, ?, ?) on conflict do nothing",
            [target, row["kind"], number],
        )
    return True


def outdate_receipt(db: Database, number: int, now: float) -> None:
    """The receipt of a report has news, and is due now."""
    db.execute(
        "update receipts set version = version + 1, next_try = min(next_try, ?) where number = ?",
        [now, number],
    )


_NEW_STATE = (
    # A failed try leaves the time from which the report is late: it began with Send.
    "state = ?, cause = ?, changed_at = ?,"
    " late_at = iif(? = 'waiting' and state <> 'sending', ?, late_at),"
    " next_try = coalesce(?, next_try),"
    " remote_id = coalesce(?, remote_id), answer = coalesce(?, answer), lease = null"
)


def fetch_one(db: Database, sql: str, values: Sequence[object] | dict[str, object]) -> Row | None:
    row: Row | None = db.execute(sql, values).fetchone()
    return row


def report_of(row: Row) -> Report:
    """Never raises: a damaged row must not keep those behind it from being read."""
    # `dict(row)` looks each column up by its name, which takes several times as long.
    return report_from(row.keys(), row)


def report_from(columns: Iterable[str], content: Iterable[Any]) -> Report:
    """`report_of` for a row in two parts: the names of its columns, and what is in them."""
    cells = zip(columns, content, strict=True)
    # A newer constat may have added columns, which this one does not read.
    values = {name: value for name, value in cells if name in _COLUMNS}
    objects = {name: read_object(values[name]) for name in _OBJECTS}
    damaged = [name for name, value in objects.items() if value is None]
    values |= {name: value or {} for name, value in objects.items()}
    # Without its names a report is shown with its ids: that is no damage.
    values["labels"] = read_object(values["labels"]) or {}
    try:
        state = State(values["state"])
    except ValueError:
        state, damaged = State.UNKNOWN, [*damaged, "state"]
    return Report(**values | {"state": state, "damaged": tuple(damaged)})


_OBJECTS = ("origin", "payload", "cause", "answer")
_COLUMNS = frozenset(field.name for field in fields(Report) if field.name != "damaged")
