"""Receipts: what of a report's news has been told in Slack, and where."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from sqlite3 import Row

from sqlite_utils import Database


@dataclass(frozen=True)
class Receipt:
    """One report's receipt: one message that is updated in place."""

    number: int
    version: int
    """Raised by every change of the report."""
    posted: int
    """The version that the message in Slack shows; behind `version`, the message is outdated."""
    failures: int
    """Failed tries to tell the news since the last success."""
    thread_channel: str
    """Where it belongs: a channel, and the thread in it once there is one."""
    thread_ts: str | None
    direct: bool
    """Told to the person directly, because the bot may not post where it belongs."""
    channel: str | None
    """Where the message is; a user's id before the first direct one."""
    ts: str | None


@dataclass(frozen=True)
class Posted:
    """A message that Slack took."""

    what: str
    """`opener`, `receipt` or `direct`."""
    channel: str
    ts: str
    thread_ts: str | None = None


def claim(
    db: Database, owner: str, *, now: float, lease: float, busy: Collection[str]
) -> Receipt | None:
    """Take the receipt with news that is due longest; nobody else tells it meanwhile.

    :param now: UNIX seconds
    :param lease: seconds after which the owner counts as dead. A lease that ends later than two of
        these was made before the date was set back, and counts as over.
    :param busy: channels that cannot take a message now
    """
    values = {"owner": owner, "ends": now + lease, "now": now, "latest": now + 2 * lease}
    row = db.execute(
        "update receipts set owner = :owner, lease = :ends where number ="  # noqa: S608 - ours
        f" ({FIRST_DUE}) returning *",
        values | {"busy": json.dumps(list(busy))},
    ).fetchone()
    return _receipt(row) if row else None


# From place to place by the index, however many wait in each.
FIRST_DUE = """
with recursive places (place) as (
    select min(place) from receipts where posted < version
    union all
    select (select min(r.place) from receipts r where posted < version and r.place > places.place)
    from places where place is not null
)
select (
    select number from receipts r
    where posted < version and r.place = places.place and next_try <= :now
    and (lease is null or lease < :now or lease > :latest)
    order by next_try, number limit 1
) as first
from places
where first is not null and place not in (select value from json_each(:busy))
order by (select next_try from receipts where number = first), first limit 1
"""


def mark_posted(db: Database, number: int, version: int, message: Posted, *, now: float) -> None:
    """Record that the message shows this version of the receipt."""
    _log(db, number, message, now)
    db.execute(
        "update receipts set posted = max(posted, ?), channel = ?, ts = ?, failures = 0,"
        " lease = null, direct = ? where number = ?",
        [version, message.channel, message.ts, message.what == "direct", number],
    )


def opened(db: Database, number: int, posted: Posted, *, now: float) -> None:
    """A thread was opened for a report that had none."""
    _log(db, number, posted, now)
    db.execute("update receipts set thread_ts = ? where number = ?", [posted.ts, number])


def postpone(db: Database, number: int, *, until: float, failed: bool = True) -> None:
    """Tell it later; it counts as a failure unless Slack only asked for patience."""
    db.execute(
        "update receipts set next_try = ?, lease = null, failures = failures + ? where number = ?",
        [until, int(failed), number],
    )


def redirect(db: Database, number: int, user: str) -> None:
    """From now on this receipt is told to that person directly."""
    db.execute(
        "update receipts set direct = 1, channel = ?, ts = null, lease = null, failures = 0"
        " where number = ?",
        [user, number],
    )


def forget(db: Database, number: int) -> None:
    """The message is gone: the news need a new one."""
    db.execute("update receipts set ts = null, lease = null where number = ?", [number])


def drifted(db: Database, number: int, ts: str) -> None:
    """Its thread is gone, and Slack put it into the channel: it is its own thread from now on."""
    db.execute("update receipts set thread_ts = ? where number = ?", [ts, number])


def retry_all(db: Database, *, now: float) -> None:
    """What could not be told before is due now, and counts as new: at a start, and when the date
    was set.
    """
    db.execute(
        "update receipts set next_try = min(next_try, ?), failures = 0 where posted < version",
        [now],
    )


def next_due(db: Database) -> float | None:
    """When the next receipt with news is due, or its lease ends; UNIX seconds."""
    found = db.execute(
        "select min(max(next_try, coalesce(lease, 0))) from receipts where posted < version"
    ).fetchone()[0]
    return None if found is None else float(found)


def _log(db: Database, number: int, posted: Posted, now: float) -> None:
    db.execute(
        "insert into messages (number, at, what, channel, ts, thread_ts) values (?, ?, ?, ?, ?, ?)",
        [number, now, posted.what, posted.channel, posted.ts, posted.thread_ts],
    )


def _receipt(row: Row) -> Receipt:
    return Receipt(
        number=row["number"],
        version=row["version"],
        posted=row["posted"],
        failures=row["failures"],
        thread_channel=row["thread_channel"],
        thread_ts=row["thread_ts"],
        direct=bool(row["direct"]),
        channel=row["channel"],
        ts=row["ts"],
    )
