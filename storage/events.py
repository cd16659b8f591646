"""Events of Slack's Events API: stored by Slack's `event_id` before they are acknowledged, and
worked on once, however often and in whatever order Slack sends them.
"""

from dataclasses import dataclass

from storage.canonical_json import read_object, to_json
from storage.engine import Database, Row
from storage.leases import IsDead, end_dead_leases, renew_leases
from storage.transitions import Json, fetch_one


@dataclass(frozen=True)
class Event:
    """The fields of an event that are kept until it was worked on."""

    id: str
    """Slack's `event_id`, which is unique over all of Slack."""
    type: str
    facts: Json
    """Only what the work needs. It is deleted when the work is done."""
    received_at: float = 0.0
    """UNIX seconds."""
    failures: int = 0
    begun_at: float | None = None
    """When its effect in Slack was begun, UNIX seconds; None where nothing was begun."""
    owner: str | None = None
    """The process that claimed it."""


def add(db: Database, event: Event, *, now: float) -> bool:
    """Store an event.

    :returns: False when it is stored already, whether or not it was worked on
    """
    cursor = db.execute(
        "insert into events (id, type, received_at, facts, next_try) values (?, ?, ?, ?, ?)"
        " on conflict do nothing",
        [event.id, event.type, now, to_json(event.facts), now],
    )
    return cursor.rowcount == 1


def remember(db: Database, event_id: str, event_type: str, *, now: float) -> bool:
    """Store the id of an event that came, without its content. It counts as worked on.

    :returns: False when it came before
    """
    cursor = db.execute(
        "insert into events (id, type, received_at, facts) values (?, ?, ?, '{}')"
        " on conflict do nothing",
        [event_id, event_type, now],
    )
    return cursor.rowcount == 1


_OPEN = "next_try is not null"
CLAIM = (
    "update events set owner = :owner, lease = :now + :lease where id ="
    " (select id from events where next_try is not null and next_try <= :now"
    " and (lease is null or lease < :now or lease > :now + 2 * :lease)"
    " order by next_try limit 1) returning *"
)


def claim(db: Database, owner: str, *, now: float, lease: float) -> Event | None:
    """Take the event that is due longest. No other process can take it.

    :param lease: seconds after which another process may take it. A lease that ends later than two
        of these from now was made before the date was set back, and is over.
    """
    row = fetch_one(db, CLAIM, {"owner": owner, "now": now, "lease": lease})
    return _event(row) if row else None


def next_due(db: Database) -> float | None:
    """When the next event that nobody works on is due, UNIX seconds; None when there is none."""
    due = db.execute(
        "select min(max(next_try, coalesce(lease, 0))) from events where next_try is not null"
    ).fetchone()[0]
    return None if due is None else float(due)


_CLAIMED = f"id = ? and owner = ? and {_OPEN}"


def begin(db: Database, event: Event, *, now: float) -> bool:
    """Store that the effect of an event in Slack is begun now. Whoever works on the event after
    that has to find out first whether the effect is there.

    :returns: False when the event was claimed or begun since, or is not to be worked on any more:
        then nothing must be begun
    """
    cursor = db.execute(
        f"update events set begun_at = ? where {_CLAIMED} and coalesce(begun_at, 0.0) = ?",  # noqa: S608
        [now, event.id, event.owner, event.begun_at or 0.0],
    )
    return cursor.rowcount == 1


def finish(db: Database, event: Event) -> None:
    """The event was worked on. Only its id is kept, so that it is recognized if it comes again."""
    db.execute(
        f"update events set facts = '{{}}', next_try = null, lease = null where {_CLAIMED}",  # noqa: S608 - ours
        [event.id, event.owner],
    )


def postpone(db: Database, event: Event, *, until: float, failed: bool = True) -> None:
    """Work on an event later.

    :param until: UNIX seconds
    :param failed: whether the try counts as a failure; a rate limit does not
    """
    db.execute(
        "update events set next_try = ?, lease = null, failures = failures + ?"  # noqa: S608 - ours
        f" where {_CLAIMED}",
        [until, int(failed), event.id, event.owner],
    )


def free_claims(db: Database, owner: str, *, now: float, lease: float, is_dead: IsDead) -> None:
    """Events are due now, and those of dead processes can be claimed again. Those that the owner
    works on stay claimed.

    :param lease: seconds, as of `claim`
    :param is_dead: whether an owner is known to be dead
    """
    db.execute("update events set next_try = ? where next_try > ?", [now, now])
    renew_leases(db, "events", _OPEN, owner, until=now + lease)
    end_dead_leases(db, "events", _OPEN, is_dead)


def prune(db: Database, *, before: float, limit: int) -> int:
    """Delete old events that were worked on.

    :param before: UNIX seconds. It lies behind Slack's last redelivery.
    :param limit: so many rows at most
    :returns: how many were deleted
    """
    cursor = db.execute(
        "delete from events where id in (select id from events where received_at < ?"
        " and next_try is null order by received_at limit ?)",
        [before, limit],
    )
    return int(cursor.rowcount)


def _event(row: Row) -> Event:
    facts = read_object(row["facts"]) or {}
    return Event(
        row["id"],
        row["type"],
        facts,
        row["received_at"],
        row["failures"],
        row["begun_at"],
        row["owner"],
    )
