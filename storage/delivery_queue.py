"""The delivery queue: the next report to send, the process that sends it, and the outcome.

A claim is one statement, so two processes never take the same report. A claim has an owner and a
lease: a report whose owner died is found, and becomes `unknown`.
"""

import json
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from storage import api_calls, audit, outage_log
from storage.api_calls import Call
from storage.engine import Database
from storage.states import State
from storage.transitions import Change, Json, Report, apply_change, fetch_one, report_of
from storage.unknown_reports import sent_at

# A damaged cause must not make the query fail for all reports.
CAUSE_IS_READABLE = "iif(json_valid(cause), json_type(cause) = 'object', false)"
WHY = "iif(json_valid(cause), json_extract(cause, '$.why'), null)"
# Only a new report that can still be undone has a later time from the start. If it is of the
# future, the date was set back since.
KEPT_BACK = (
    "(attempts = 0 and cause = '{}' and next_try > :now and next_try > created_at"
    " and created_at <= :now)"
)
PIECE = 200
"""Reports that one job changes at most, so that a form never waits behind thousands."""


@dataclass(frozen=True)
class Claim:
    """A report to send, and the state of its API's queue."""

    report: Report | None = None
    """None when no report was taken."""
    next_try: float | None = None
    """When the next waiting report is due, UNIX seconds; None when none waits."""
    held: Json | None = None
    """The cause for which the API's reports are held, if no report was taken because of it."""


def claim(
    db: Database,
    api: str,
    owner: str,
    *,
    now: float,
    lease: float,
    asked_only: bool = False,
    past_hold: bool = False,
) -> Claim:
    """Take the oldest due report of an API. No other process can take it.

    A report whose payload cannot be read is refused, and the next one is taken. While reports of
    the API are held, none is taken.

    :param now: UNIX seconds
    :param lease: seconds after which the owner counts as dead unless it renews
    :param asked_only: take only a report that a person asked for, while the API takes no others
    :param past_hold: take one although others are held
    """
    if not past_hold and (cause := held(db, api)) is not None:
        return Claim(held=cause)
    values = {
        "api": api,
        "owner": owner,
        "now": now,
        "ends": now + lease,
        "asked_only": asked_only,
    }
    while (row := fetch_one(db, _CLAIM, values)) is not None:
        audit.append(db, row, {"why": "claimed", "owner": owner}, now)
        report = report_of(row)
        if "payload" not in report.damaged:
            return Claim(report, next_try=next_try(db, api))
        apply_change(db, _UNSENDABLE, now, "number = ?", [report.number])
    return Claim(next_try=next_try(db, api))


# The index of due times says whether any is due. The index of numbers then gives the oldest: the
# plus keeps SQLite from sorting all that are due.
_CLAIM = f"""
update reports set state = 'sending', cause = '{{}}', changed_at = :now, owner = :owner,
    lease = :ends, attempts = attempts + 1
where number = (
    select number from reports
    where state = 'waiting' and api = :api and +next_try <= :now
    and (not :asked_only or {WHY} not in ('busy', 'unreachable'))
    and (select min(next_try) from reports where state = 'waiting' and api = :api) <= :now
    order by number limit 1
) and state = 'waiting' returning *
"""  # noqa: S608 - ours
_UNSENDABLE = Change(State.REFUSED, {"why": "unsendable"})


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
    """Store how a send ended, with the API calls that it took.

    An answer that comes after the owner was taken for dead still counts, unless a person has
    decided since.

    :param attempt: the claim's `attempts`; an answer to an earlier send changes nothing
    :returns: False when the report was not changed, because a person has decided since
    """
    api_calls.add(db, calls, number=number)
    where = "number = ? and owner = ? and attempts = ? and state in ('sending', 'unknown')"
    claimed = fetch_one(
        db,
        "select api, state, changed_at from reports where number = ? and attempts = ?",
        [number, attempt],
    )
    if claimed is not None and _takes_reports(change):
        is_sending = claimed["state"] == State.SENDING
        began = claimed["changed_at"] if is_sending else sent_at(db, number)
        outage_log.end(db, claimed["api"], now=now, begun_before=began)
    return apply_change(db, change, now, where, [number, owner, attempt])


def _takes_reports(change: Change) -> bool:
    """Whether an outcome shows that the API takes reports: it filed or refused this one."""
    return change.state == State.FILED or change.cause.get("why") == "refused"


def renew(db: Database, owner: str, numbers: Collection[int], *, now: float, lease: float) -> None:
    """Extend the lease of the reports that an owner is sending."""
    db.execute(
        "update reports set lease = ? where state = 'sending' and owner = ?"
        " and number in (select cast(value as integer) from json_each(?))",
        [now + lease, owner, json.dumps(list(numbers))],
    )


def fail_stalled(
    db: Database,
    api: str,
    *,
    now: float,
    longest: float | None = None,
    is_dead: Callable[[str], bool] = lambda _: False,
) -> list[int]:
    """Reports of an API whose owner died while it sent them become `unknown`.

    :param longest: seconds; a lease that ends later than that from now is over, because it was made
        before the date was set back
    :param is_dead: whether an owner is known to be dead, although its lease is not over
    :returns: their numbers
    """
    rows = db.execute(
        "select number, owner, lease from reports where state = 'sending' and api = ?", [api]
    ).fetchall()
    latest = math.inf if longest is None else now + longest
    stalled = [row for row in rows if not now <= row["lease"] <= latest or is_dead(row["owner"])]
    where = "number = ? and state = 'sending' and owner = ? and lease = ?"
    change = Change(State.UNKNOWN, {"why": "died"})
    return [
        row["number"]
        for row in stalled
        if apply_change(db, change, now, where, [row["number"], row["owner"], row["lease"]])
    ]


def hold(db: Database, api: str, cause: Json, *, now: float) -> bool:
    """Waiting reports of an API are held until an operator has renewed a setting. A report that can
    still be undone is left as it is.

    :returns: whether there are more to hold, because a job changes at most `PIECE`
    """
    return _change_oldest(db, api, State.WAITING, Change(State.HELD, cause), now, PIECE)


def release(db: Database, api: str, *, now: float, limit: int = PIECE) -> bool:
    """Held reports of an API wait to be sent again.

    :param limit: how many at most; those first that have not been tried for longest
    :returns: whether there may be more to release
    """
    change = Change(State.WAITING, {"why": "released"}, next_try=now)
    return _change_oldest(db, api, State.HELD, change, now, limit)


def _change_oldest(
    db: Database, api: str, state: State, change: Change, now: float, limit: int
) -> bool:
    """:returns: whether there may be more of that state"""
    order = "number" if state == State.WAITING else "changed_at, number"
    rows = db.execute(
        f"select number from reports where state = :state and api = :api and not {KEPT_BACK}"  # noqa: S608
        f" order by {order} limit :limit",
        {"state": state, "api": api, "now": now, "limit": limit},
    ).fetchall()
    for row in rows:
        apply_change(db, change, now, "number = ? and state = ?", [row["number"], state])
    return len(rows) == limit


def held(db: Database, api: str) -> Json | None:
    """The newest cause for which an API's reports are held; None when none is held."""
    row = fetch_one(
        db,
        f"select cause from reports where state = 'held' and api = ? and {CAUSE_IS_READABLE}"  # noqa: S608
        " order by changed_at desc limit 1",
        [api],
    )
    return json.loads(row["cause"]) if row else None


def next_try(db: Database, api: str) -> float | None:
    """When the next report of an API is due, UNIX seconds; None when none waits."""
    first = db.execute(
        "select min(next_try) from reports where state = 'waiting' and api = ?", [api]
    ).fetchone()[0]
    return None if first is None else float(first)
