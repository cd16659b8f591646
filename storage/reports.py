"""Reports: the promise, its states, and who is sending it. Every function is one transaction."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from storage import history
from storage.calls import Call
from storage.calls import add as add_call
from storage.states import State

Json = Mapping[str, Any]


@dataclass(frozen=True)
class NewReport:
    """A validated submission."""

    key: str
    """The form's own: the same form submitted twice is one report."""
    kind: str
    api: str
    who: str
    origin: Json
    payload: Json
    targets: Sequence[str] = ()
    """What it is about, for finding earlier reports of the same."""
    thread_channel: str = ""
    thread_ts: str | None = None


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


def add(db: Database, new: NewReport, *, now: float) -> tuple[Report, bool]:
    """Store a submission; a key that is known gives the report it made before.

    :returns: the report, and whether it is new
    """
    row = _one(
        db,
        "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
        " changed_at, next_try) values (?, ?, ?, ?, ?, ?, ?, ?, '{}', ?, ?)"
        " on conflict (key) do nothing returning *",
        [
            new.key,
            new.kind,
            new.api,
            new.who,
            now,
            _json(new.origin),
            _json(new.payload),
            State.WAITING,
            now,
            now,
        ],
    )
    if row is None:
        known = _one(db, "select * from reports where key = ?", [new.key])
        assert known is not None  # noqa: S101 - what else could have been in conflict
        return _report(known), False
    report = _report(row)
    for target in dict.fromkeys(new.targets):
        db.execute("insert into targets values (?, ?, ?)", [target, new.kind, report.number])
    db.execute(
        "insert into receipts (number, next_try, thread_channel, thread_ts) values (?, ?, ?, ?)",
        [report.number, now, new.thread_channel, new.thread_ts],
    )
    history.append(db, report.number, State.WAITING, {"why": "submitted"}, now, who=new.who)
    return report, True


def get(db: Database, number: int) -> Report | None:
    row = _one(db, "select * from reports where number = ?", [number])
    return _report(row) if row else None


def claim(db: Database, api: str, owner: str, *, now: float, lease: float) -> Report | None:
    """Take the oldest report of an API that is due; nobody else can take the same.

    :param lease: seconds after which the owner counts as dead unless it renews
    """
    row = _one(
        db,
        "update reports set state = 'sending', cause = '{}', changed_at = ?, owner = ?, lease = ?,"
        " attempts = attempts + 1 where number = (select number from reports"
        " where state = 'waiting' and api = ? and next_try <= ? order by number limit 1)"
        " returning *",
        [now, owner, now + lease, api, now],
    )
    if row is None:
        return None
    report = _report(row)
    cause = {"why": "claimed", "owner": owner}
    history.append(db, report.number, State.SENDING, cause, now)
    return report


def settle(
    db: Database, number: int, owner: str, change: Change, calls: Sequence[Call], *, now: float
) -> bool:
    """Write down what became of a send, by the one who made it, with the calls it took.

    An owner that was taken for dead may still come back with the answer, and the answer counts
    as long as nobody decided otherwise since.

    :returns: False when somebody did; then the report was not changed
    """
    for call in calls:
        add_call(db, number, call)
    where = "number = ? and owner = ? and state in ('sending', 'unknown')"
    return _become(db, change, now, where, [number, owner])


def decide(db: Database, number: int, of: Sequence[State], change: Change, *, now: float) -> bool:
    """Write down what a person decided, if the report is still in one of these states."""
    where = "number = ? and state in (select value from json_each(?))"
    return _become(db, change, now, where, [number, json.dumps(list(of))])


def renew(db: Database, owner: str, numbers: Collection[int], *, now: float, lease: float) -> None:
    """Say that an owner lives and is still sending these."""
    db.execute(
        "update reports set lease = ? where state = 'sending' and owner = ?"
        " and number in (select value from json_each(?))",
        [now + lease, owner, json.dumps(list(numbers))],
    )


def bury(db: Database, *, now: float) -> list[int]:
    """What a dead process was sending becomes unknown.

    :returns: the numbers
    """
    rows = db.execute(
        "select number from reports where state = 'sending' and lease < ?", [now]
    ).fetchall()
    for row in rows:
        change = Change(State.UNKNOWN, {"why": "died"})
        _become(db, change, now, "number = ? and state = 'sending'", [row["number"]])
    return [row["number"] for row in rows]


def postpone(db: Database, api: str, cause: Json, *, until: float, now: float) -> None:
    """No report of an API is sent before that time; those whose cause is new to them tell so."""
    known = _json(cause)
    db.execute(
        "update receipts set news = news + 1, next_try = min(next_try, ?) where number in"
        " (select number from reports where state = 'waiting' and api = ? and next_try < ?"
        " and cause <> ?)",
        [now, api, until, known],
    )
    db.execute(
        "update reports set next_try = ?, cause = ?, changed_at = ?"
        " where state = 'waiting' and api = ? and next_try < ?",
        [until, known, now, api, until],
    )


def resume(db: Database, api: str, *, now: float) -> None:
    """An API answers again: what was put off because it did not is due now."""
    db.execute(
        "update reports set next_try = ? where state = 'waiting' and api = ? and next_try > ?",
        [now, api, now],
    )


def hold(db: Database, api: str, cause: Json, *, now: float) -> None:
    """Everything that waits for an API waits for an operator instead."""
    for row in db.execute(
        "select number from reports where state = 'waiting' and api = ? order by number", [api]
    ).fetchall():
        _become(db, Change(State.HELD, cause), now, "number = ?", [row["number"]])


def release(db: Database, api: str, *, now: float, limit: int = -1) -> None:
    """What was held waits to be sent again.

    :param limit: only so many, those first that have not been tried for longest; -1 for all
    """
    for row in db.execute(
        "select number from reports where state = 'held' and api = ?"
        " order by changed_at, number limit ?",
        [api, limit],
    ).fetchall():
        change = Change(State.WAITING, {"why": "released"}, next_try=now)
        _become(db, change, now, "number = ?", [row["number"]])


def held(db: Database, api: str) -> Json | None:
    """The cause for which an API's reports are held, if any is."""
    row = _one(
        db,
        "select cause from reports where state = 'held' and api = ?"
        " order by changed_at desc limit 1",
        [api],
    )
    return json.loads(row["cause"]) if row else None


def next_try(db: Database, api: str) -> float | None:
    """When the next report of an API is due, UNIX seconds."""
    found = db.execute(
        "select min(next_try) from reports where state = 'waiting' and api = ?", [api]
    ).fetchone()[0]
    return None if found is None else float(found)


def _become(db: Database, change: Change, now: float, where: str, values: Sequence[object]) -> bool:
    row = _one(
        db,
        f"update reports set {_NEW_STATE} where {where} returning *",  # noqa: S608 - ours
        [
            change.state,
            _json(change.cause),
            now,
            change.next_try,
            change.remote_id,
            _json(change.answer) if change.answer is not None else None,
            *values,
        ],
    )
    if row is None:
        return False
    number = int(row["number"])
    history.append(db, number, change.state, change.cause, now, who=change.who)
    db.execute(
        "update receipts set news = news + 1, next_try = min(next_try, ?) where number = ?",
        [now, number],
    )
    return True


_NEW_STATE = (
    "state = ?, cause = ?, changed_at = ?, next_try = coalesce(?, next_try),"
    " remote_id = coalesce(?, remote_id), answer = coalesce(?, answer), lease = null"
)


def _one(db: Database, sql: str, values: Sequence[object]) -> Row | None:
    row: Row | None = db.execute(sql, list(values)).fetchone()
    return row


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _report(row: Row) -> Report:
    values = dict(row)
    values.pop("lease")
    for name in ("origin", "payload", "cause", "answer"):
        values[name] = json.loads(values[name])
    return Report(**values | {"state": State(values["state"])})


def log_calls(db: Database, calls: Sequence[Call]) -> None:
    """Keep calls that were made for no report."""
    for call in calls:
        add_call(db, None, call)
