"""Sending: who sends which report, until when, and what became of it.

A claim is one statement, so that two processes never take the same report; a claim has an owner
and a lease, so that what a dead process was sending is found.
"""

import json
from collections.abc import Collection, Sequence

from sqlite_utils import Database

from storage import audit
from storage.api_calls import Call
from storage.api_calls import add as add_call
from storage.canonical_json import to_json
from storage.states import State
from storage.transitions import Change, Json, Report, apply_change, fetch_one, report_of

_CAUSE_IS_READABLE = "iif(json_valid(cause), json_type(cause) = 'object', false)"
_WHY = "iif(json_valid(cause), json_extract(cause, '$.why'), null)"


def claim(
    db: Database, api: str, owner: str, *, now: float, lease: float, asked_only: bool = False
) -> Report | None:
    """Take the oldest report of an API that is due. Nobody else can take the same.

    A report that cannot be read is refused instead, and the next one is taken.

    :param now: UNIX seconds
    :param lease: seconds after which the owner counts as dead unless it renews
    :param asked_only: take only a report that a person asked for, while the API takes no others
    """
    while True:
        row = fetch_one(
            db,
            "update reports set state = 'sending', cause = '{}', changed_at = ?, owner = ?,"  # noqa: S608
            " lease = ?, attempts = attempts + 1 where number = (select number from reports"
            " where state = 'waiting' and api = ? and next_try <= ?"
            f" and (not ? or {_WHY} not in ('busy', 'unreachable'))"
            " order by number limit 1) returning *",
            [now, owner, now + lease, api, now, asked_only],
        )
        if row is None:
            return None
        audit.append(db, row, {"why": "claimed", "owner": owner}, now)
        report = report_of(row)
        if "payload" not in report.damaged:
            return report
        cause = {"why": "unsendable"}
        apply_change(db, Change(State.REFUSED, cause), now, "number = ?", [report.number])


def finish(
    db: Database,
    number: int,
    owner: str,
    attempt: int,
    change: Change,
    calls: Sequence[Call],
    *,
    now: float,
) -> bool:
    """Write down what became of a send, by the one who made it, with the calls it took.

    An owner that was taken for dead may still come back with the answer, and the answer counts
    as long as nobody decided otherwise since.

    :param attempt: which of its sends, as the claim counted it
    :returns: False when somebody did; then the report was not changed
    """
    for call in calls:
        add_call(db, number, call)
    where = "number = ? and owner = ? and attempts = ? and state in ('sending', 'unknown')"
    return apply_change(db, change, now, where, [number, owner, attempt])


def renew(db: Database, owner: str, numbers: Collection[int], *, now: float, lease: float) -> None:
    """Say that an owner lives and is still sending these."""
    db.execute(
        "update reports set lease = ? where state = 'sending' and owner = ?"
        " and number in (select value from json_each(?))",
        [now + lease, owner, json.dumps(list(numbers))],
    )


def fail_stalled(db: Database, api: str, *, now: float, longest: float | None = None) -> list[int]:
    """What a dead process was sending to an API becomes unknown.

    :param now: UNIX seconds
    :param longest: seconds; a lease that ends later was made before the date was set back, and
        counts as over. None takes every lease as it is.
    :returns: the numbers
    """
    latest = None if longest is None else now + longest
    rows = db.execute(
        "select number from reports where state = 'sending' and api = ?"
        " and (lease < ? or lease > ?)",
        [api, now, latest],
    ).fetchall()
    for row in rows:
        change = Change(State.UNKNOWN, {"why": "died"})
        apply_change(db, change, now, "number = ? and state = 'sending'", [row["number"]])
    return [row["number"] for row in rows]


def postpone(
    db: Database, api: str, cause: Json, *, until: float, now: float, only_new: bool = False
) -> None:
    """No report of an API is sent before that time; those whose cause is new to them tell so.

    :param only_new: leave alone what was tried already, or asked for by a person
    """
    known = to_json(cause)
    new = "and cause = '{}'" if only_new else ""
    which = f"state = 'waiting' and api = ? and next_try < ? {new}"
    db.execute(
        "update receipts set version = version + 1, next_try = min(next_try, ?) where number in"  # noqa: S608
        f" (select number from reports where {which} and cause <> ?)",
        [now, api, until, known],
    )
    db.execute(
        f"update reports set next_try = ?, cause = ?, changed_at = ? where {which}",  # noqa: S608
        [until, known, now, api, until],
    )


def current_outage(
    db: Database, api: str, whys: Collection[str], *, now: float
) -> tuple[Json, float] | None:
    """Why an API's reports are put off beyond now, and until when, UNIX seconds.

    :param whys: the causes that count
    """
    row = fetch_one(
        db,
        "select cause, next_try from reports where state = 'waiting' and api = ? and next_try > ?"  # noqa: S608
        f" and {_CAUSE_IS_READABLE} and {_WHY} in (select value from json_each(?))"
        " order by next_try desc limit 1",
        [api, now, json.dumps(list(whys))],
    )
    return (json.loads(row["cause"]), float(row["next_try"])) if row else None


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
        apply_change(db, Change(State.HELD, cause), now, "number = ?", [row["number"]])


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
        apply_change(db, change, now, "number = ?", [row["number"]])


def held(db: Database, api: str) -> Json | None:
    """The cause for which an API's reports are held, if any is."""
    row = fetch_one(
        db,
        f"select cause from reports where state = 'held' and api = ? and {_CAUSE_IS_READABLE}"  # noqa: S608
        " order by changed_at desc limit 1",
        [api],
    )
    return json.loads(row["cause"]) if row else None


def unknown_since(db: Database, api: str, *, since: float) -> list[Report]:
    """An API's reports that are in doubt since that time."""
    rows = db.execute(
        "select * from reports where state = 'unknown' and api = ? and changed_at >= ?",
        [api, since],
    )
    return [report_of(row) for row in rows]


def sent_since(db: Database, api: str, since: float, *, but: int) -> list[Report]:
    """Every other report of an API that was sent, and may have arrived, since that time."""
    rows = db.execute(
        "select * from reports where api = ? and number <> ? and attempts > 0"
        " and (state = 'sending' or changed_at >= ?)",
        [api, but, since],
    )
    return [report_of(row) for row in rows]


def sent_at(db: Database, number: int) -> float:
    """When a report was last begun to be sent, UNIX seconds."""
    sql = "select max(at) from history where number = ? and state = 'sending'"
    return float(db.execute(sql, [number]).fetchone()[0] or 0)


def next_try(db: Database, api: str) -> float | None:
    """When the next report of an API is due, UNIX seconds."""
    found = db.execute(
        "select min(next_try) from reports where state = 'waiting' and api = ?", [api]
    ).fetchone()[0]
    return None if found is None else float(found)


def log_calls(db: Database, calls: Sequence[Call], *, number: int | None = None) -> None:
    """Keep calls that sent no report.

    :param number: the report they were made for, if they were made for one
    """
    for call in calls:
        add_call(db, number, call)
