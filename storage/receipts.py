"""Receipts: each report's message in Slack, which is updated when the report changes.

A receipt is outdated while `posted` is behind `version`. A claim has an owner and a lease, so that
two processes never post the same receipt.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from storage import outage_log, photos, reports
from storage.engine import Database, Row
from storage.leases import IsDead, end_dead_leases, is_overtaken
from storage.photos import Photo
from storage.receipt_messages import Part, Posted, log_posted, parts_of, redirect, set_thread
from storage.reports import Report, State
from storage.revisions import revision_of
from storage.unknown_reports import sent_at

__all__ = ["Claim", "Part", "Posted", "Receipt", "Report", "redirect", "set_thread"]


@dataclass(frozen=True)
class Receipt:
    """One report's receipt."""

    number: int
    version: int
    """Counts the changes of the report."""
    posted: int
    """The version that the message in Slack shows."""
    failures: int
    """Failed tries to post since the last success."""
    thread_channel: str
    """The channel that the receipt belongs to."""
    thread_ts: str | None
    """The thread in that channel; None before it is opened."""
    direct: bool
    """Posted to the reporter directly, because the bot may not post to the channel."""
    channel: str | None
    """Where the message is. Before the first direct message it is the reporter's user id."""
    ts: str | None
    opener_ts: str | None = None
    """The opener in the channel; None where there is none, or it cannot be updated any more."""
    opener_shown: str | None = None
    """A digest of the opener's content."""
    parts: Mapping[int, Part] = field(default_factory=dict)
    """The further messages, by their number from 1."""
    photos: Sequence[Photo] = ()
    """The files that were submitted with the report."""
    revision: int = 0
    """The report's revision; see `storage.revisions`."""
    sent_at: float = 0.0
    """When the report was last sent, if it is unknown whether it arrived. UNIX seconds."""
    owner: str | None = None
    """The process that claimed it."""


@dataclass(frozen=True)
class Claim:
    """A receipt to post, and when there is another."""

    receipt: Receipt | None = None
    """None when no receipt was taken."""
    report: Report | None = None
    """The receipt's report, as of the claim."""
    next_due: float | None = None
    """When the next receipt of another place is due, UNIX seconds; None when none is outdated."""


def claim(db: Database, owner: str, *, now: float, lease: float, busy: Collection[str]) -> Claim:
    """Take the outdated receipt that is due longest. No other process can take it.

    :param now: UNIX seconds
    :param lease: seconds after which another process may take it. A lease that ends later than two
        of these from now was made before the date was set back, and is over.
    :param busy: channels that cannot take a message now
    """
    row = db.execute(
        "update receipts set owner = :owner, lease = :ends where number ="  # noqa: S608 - ours
        f" ({FIRST_DUE}) returning *",
        {
            "owner": owner,
            "ends": now + lease,
            "now": now,
            "latest": now + 2 * lease,
            "busy": json.dumps(list(busy)),
        },
    ).fetchone()
    if row is None:
        return Claim(next_due=next_due(db, busy))
    report = reports.get(db, row["number"])
    return Claim(_receipt(db, row, report), report, next_due(db, [*busy, row["place"]]))


# One index look-up for each place, however many outdated receipts a place has.
_PLACES = """
with recursive places (place) as (
    select min(place) from receipts where posted < version
    union all
    select (select min(r.place) from receipts r where posted < version and r.place > places.place)
    from places where place is not null
)
"""
FIRST_DUE = f"""
{_PLACES}
select first from (
    select place, (
        select number from receipts r
        where posted < version and r.place = places.place and next_try <= :now
        and (lease is null or lease < :now or lease > :latest)
        order by next_try, number limit 1
    ) as first
    from places
) as due
where first is not null and place not in (select value from json_each(:busy))
order by (select next_try from receipts where number = first), first limit 1
"""  # noqa: S608 - ours
NEXT_DUE = f"""
{_PLACES}
select min((
    select max(next_try, coalesce(lease, 0)) from receipts r
    where posted < version and r.place = places.place order by next_try, number limit 1
)) from places where place not in (select value from json_each(:busy))
"""  # noqa: S608 - ours


def next_due(db: Database, busy: Collection[str] = ()) -> float | None:
    """When the first outdated receipt is due, UNIX seconds; None when none is outdated.

    A receipt is not due before its lease is over.

    :param busy: channels that do not count
    """
    first = db.execute(NEXT_DUE, {"busy": json.dumps(list(busy))}).fetchone()[0]
    return None if first is None else float(first)


def mark_posted(
    db: Database,
    number: int,
    version: int,
    message: Posted,
    *,
    now: float,
    opener_shown: str | None = None,
    owner: str | None = None,
) -> float | None:
    """Store that all messages show this version of the receipt. If its claim was overtaken, they
    are due to be shown once more.

    :param message: the receipt's own
    :param opener_shown: a digest of the opener's present content; None where it is unchanged
    :param owner: of the claim
    :returns: when a receipt of the same place is due, UNIX seconds; None when none is outdated
    """
    if not log_posted(db, number, message, now):
        return None
    if message.what != "direct":
        outage_log.end(db, message.channel, now=now)
    values = {
        "number": number,
        "version": version,
        "owner": owner,
        "channel": message.channel,
        "ts": message.ts,
        "direct": message.what == "direct",
        "opener_shown": opener_shown,
    }
    db.execute(_FORGET_PARTS, values)
    db.execute(_MARK_POSTED, values)
    due = db.execute(
        "select min(next_try) from receipts where posted < version"
        " and place = (select place from receipts where number = ?)",
        [number],
    ).fetchone()[0]
    return None if due is None else float(due)


_OVERTAKEN = is_overtaken("posted")
_FORGET_PARTS = (
    "update receipt_parts set shown = '' where number = :number and exists"  # noqa: S608 - ours
    f" (select 1 from receipts where number = :number and {_OVERTAKEN})"
)
_MARK_POSTED = (
    f"update receipts set version = version + iif({_OVERTAKEN}, 1, 0),"  # noqa: S608 - ours
    " posted = max(posted, :version), channel = :channel, ts = :ts, failures = 0, lease = null,"
    f" opener_shown = iif({_OVERTAKEN}, null, coalesce(:opener_shown, opener_shown)),"
    " direct = :direct where number = :number"
)


def postpone(db: Database, receipt: Receipt, *, until: float, failed: bool = True) -> None:
    """Post a receipt later. News that came during a failed try does not wait.

    :param until: UNIX seconds
    :param failed: whether the try counts as a failure; a rate limit does not
    """
    db.execute(
        "update receipts set lease = null, failures = failures + ?,"
        " next_try = iif(? and version <> ?, next_try, ?) where number = ? and owner = ?",
        [int(failed), failed, receipt.version, until, receipt.number, receipt.owner],
    )


def forget_message(db: Database, receipt: Receipt) -> None:
    """The message can no longer be updated: the next version is a new message."""
    db.execute(
        "update receipts set ts = null, lease = null where number = ? and ts = ?",
        [receipt.number, receipt.ts],
    )


def retry_all(db: Database, *, now: float, is_dead: IsDead = lambda _: False) -> None:
    """Outdated receipts are due now, and their failures are forgotten.

    :param is_dead: whether an owner is known to be dead; then its leases end now
    """
    db.execute(
        "update receipts set next_try = min(next_try, :now), failures = 0"
        " where posted < version and (next_try > :now or failures > 0)",
        {"now": now},
    )
    end_dead_leases(db, "receipts", "posted < version", is_dead)


def _receipt(db: Database, row: Row, report: Report | None) -> Receipt:
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
        opener_ts=row["opener_ts"],
        opener_shown=row["opener_shown"],
        parts=parts_of(db, row["number"]),
        revision=revision_of(db, row["number"]),
        photos=photos.of_report(db, row["number"]),
        sent_at=sent_at(db, row["number"]) if report and report.state == State.UNKNOWN else 0.0,
        owner=row["owner"],
    )
