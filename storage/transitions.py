"""A report as a row, and the one way in which it changes. Inside of this package only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from storage import audit
from storage.canonical_json import to_json
from storage.states import State

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
    damaged: tuple[str, ...] = ()
    """The columns that could not be read. They are empty here, and unchanged in the file."""


@dataclass(frozen=True)
class Change:
    """What a report becomes, and why."""

    state: State
    cause: Json = field(default_factory=dict)
    who: str | None = None
    """The Slack user who did it, if a person did."""
    next_try: float | None = None
    remote_id: str | None = None
    answer: Json | None = None
    about: Sequence[str] = ()
    """Targets that were found since, for finding earlier reports of the same."""


def apply_change(
    db: Database, change: Change, now: float, where: str, values: Sequence[object]
) -> bool:
    row = fetch_one(
        db,
        f"update reports set {_NEW_STATE} where {where} returning *",  # noqa: S608 - ours
        [
            change.state,
            to_json(change.cause),
            now,
            change.next_try,
            change.remote_id,
            to_json(change.answer) if change.answer is not None else None,
            *values,
        ],
    )
    if row is None:
        return False
    number = int(row["number"])
    audit.append(db, row, change.cause, now, who=change.who)
    db.execute(
        "update receipts set version = version + 1, next_try = min(next_try, ?) where number = ?",
        [now, number],
    )
    for target in change.about:
        db.execute("insert or ignore into targets values (?, ?, ?)", [target, row["kind"], number])
    return True


_NEW_STATE = (
    "state = ?, cause = ?, changed_at = ?, next_try = coalesce(?, next_try),"
    " remote_id = coalesce(?, remote_id), answer = coalesce(?, answer), lease = null"
)


def fetch_one(db: Database, sql: str, values: Sequence[object]) -> Row | None:
    row: Row | None = db.execute(sql, list(values)).fetchone()
    return row


def report_of(row: Row) -> Report:
    """Never raises: a row that was damaged must not keep those behind it from being read."""
    values = dict(row)
    for name in ("lease", "edit_key"):
        values.pop(name)
    damaged = [name for name in _OBJECTS if (_object(values[name])) is None]
    values |= {name: _object(values[name]) or {} for name in _OBJECTS}
    try:
        state = State(values["state"])
    except ValueError:
        state, damaged = State.UNKNOWN, [*damaged, "state"]
    return Report(**values | {"state": state, "damaged": tuple(damaged)})


_OBJECTS = ("origin", "payload", "cause", "answer")


def _object(text: Any) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
