"""Reports: the promise, and what people decide about it. Every function is one transaction."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from storage import audit, drafts
from storage.canonical_json import to_json
from storage.states import State
from storage.transitions import Change, Json, Report, apply_change, fetch_one, report_of

__all__ = ["Change", "Json", "NewReport", "Report"]


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


def add(db: Database, new: NewReport, *, now: float) -> tuple[int, bool]:
    """Store a submission; a key that is known gives the report it made before.

    :returns: the report's number, and whether it is new
    """
    row = {
        "key": new.key,
        "kind": new.kind,
        "api": new.api,
        "who": new.who,
        "created_at": now,
        "origin": to_json(new.origin),
        "payload": to_json(new.payload),
        "state": State.WAITING.value,
        "remote_id": None,
        "answer": "{}",
    }
    try:
        # Not "on conflict do nothing": that uses a number up, and a gap looks like a lost report.
        number = db.execute(_NEW, row).lastrowid
    except sqlite3.IntegrityError:
        known = fetch_one(db, "select number from reports where key = ?", [new.key])
        if known is None:
            raise
        return int(known["number"]), False
    assert number is not None  # noqa: S101 - an insert that raised nothing has made a row
    drafts.delete(db, new.key)
    _aim(db, number, new.kind, new.targets)
    db.execute(
        "insert into receipts (number, next_try, thread_channel, thread_ts) values (?, ?, ?, ?)",
        [number, now, new.thread_channel, new.thread_ts],
    )
    audit.append(db, {**row, "number": number}, {"why": "submitted"}, now, who=new.who)
    return number, True


_NEW = (
    "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
    " changed_at, next_try, remote_id, answer) values (:key, :kind, :api, :who, :created_at,"
    " :origin, :payload, :state, '{}', :created_at, :created_at, :remote_id, :answer)"
)


def add_unless_known(
    db: Database, new: NewReport, *, now: float, since: float | None
) -> tuple[int, bool] | list[Report]:
    """Store a submission, unless the same was reported by another form.

    :param since: UNIX seconds; older reports count only while they are open; None asks nothing
    :returns: what `add` gives, or the earlier reports, newest first; then nothing was stored
    """
    earlier = [] if since is None else _earlier(db, new, since)
    if earlier and fetch_one(db, "select 1 from reports where key = ?", [new.key]) is None:
        return earlier
    return add(db, new, now=now)


def _earlier(db: Database, new: NewReport, since: float) -> list[Report]:
    """Reports of the same kind about one of the same things: open, in doubt, or filed lately."""
    rows = db.execute(
        "select distinct reports.* from targets join reports using (number)"
        " where targets.kind = ? and target in (select value from json_each(?))"
        " and (state in ('waiting', 'sending', 'held', 'unknown')"
        " or (state = 'filed' and created_at >= ?)) order by number desc limit 3",
        [new.kind, json.dumps(list(new.targets)), since],
    )
    return [report_of(row) for row in rows]


def edit(
    db: Database,
    number: int,
    key: str,
    payload: Json,
    targets: Sequence[str],
    *,
    who: str,
    now: float,
    of: Sequence[State] = (State.REFUSED, State.UNKNOWN, State.HELD),
) -> bool:
    """Put a new version in the place of one that was not filed, and send that.

    :param key: the editing form's own: sent twice, it is one edit
    :param of: the states from which it may
    :returns: False when the report has since become something that cannot be edited
    """
    row = fetch_one(
        db,
        "update reports set payload = ?, edit_key = ? where number = ?"
        " and state in (select value from json_each(?)) returning kind",
        [to_json(payload), key, number, json.dumps(list(of))],
    )
    if row is None:
        again = "select 1 from reports where number = ? and edit_key = ?"
        return fetch_one(db, again, [number, key]) is not None
    drafts.delete(db, key)
    db.execute("delete from targets where number = ?", [number])
    _aim(db, number, row["kind"], targets)
    change = Change(State.WAITING, {"why": "edited"}, who=who, next_try=now)
    return apply_change(db, change, now, "number = ?", [number])


def _aim(db: Database, number: int, kind: str, targets: Sequence[str]) -> None:
    for target in dict.fromkeys(targets):
        db.execute("insert into targets values (?, ?, ?)", [target, kind, number])


def sent_by(db: Database, key: str) -> int | None:
    """The number of the report that a form made or edited, if it was sent."""
    row = fetch_one(db, "select number from reports where key = ? or edit_key = ?", [key, key])
    return int(row["number"]) if row else None


def get(db: Database, number: int) -> Report | None:
    row = fetch_one(db, "select * from reports where number = ?", [number])
    return report_of(row) if row else None


def decide(db: Database, number: int, of: Sequence[State], change: Change, *, now: float) -> bool:
    """Write down what a person decided, if the report is still in one of these states."""
    where = "number = ? and state in (select value from json_each(?))"
    return apply_change(db, change, now, where, [number, json.dumps(list(of))])
