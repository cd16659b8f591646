"""The queue of notices: the next message to post or update, and the process that does it.

A notice is outdated while `posted` is behind `version`. A claim has an owner and a lease. `begin`
is called right before a message is posted: a message that may have been posted is not posted again.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from storage import alerts, notice_view, notices
from storage.engine import Database, Row
from storage.leases import IsDead, end_dead_leases, is_overtaken
from storage.notice_view import Notice
from storage.notices import LONGEST_REMINDING, TOLD_AFTER, News
from storage.receipt_messages import Posted, log_posted

LOOKED_AT = 100
"""Outdated notices that one claim looks at: so many alerts and reminders, and as many others."""


def claim(
    db: Database,
    owner: str,
    *,
    now: float,
    lease: float,
    busy: Collection[str],
    admins: Collection[str],
) -> Notice | None:
    """Take the outdated notice that is due longest and can be posted, an alert or a reminder before
    any other. No other process can take it.

    Reports that are late now, and outages, get their notices before. A notice whose news is no
    longer true is dropped.

    :param now: UNIX seconds
    :param lease: seconds after which another process may take it
    :param busy: places that cannot take a message now
    :param admins: Slack user ids of the people who get messages about outages of outages
    """
    notices.note_late(db, now=now)
    notices.note_outages(db, admins, now=now)
    for due in (_DUE_ALERTS, _DUE_OTHERS):
        rows = db.execute(due, {"now": now, "latest": now + 2 * lease}).fetchall()
        if (notice := _first_free(db, rows, busy, now=now)) is not None:
            db.execute(
                f"update notices set owner = ?, lease = ? where {_OF}",  # noqa: S608 - ours
                [owner, now + lease, json.dumps(notice.ids)],
            )
            return replace(notice, owner=owner)
    return None


def _first_free(
    db: Database, rows: Sequence[Row], busy: Collection[str], *, now: float
) -> Notice | None:
    """The first of the due notices that can be posted now. If there may be more behind those that
    cannot, they change places.
    """
    blocked = []
    for row in rows:
        notice = notice_view.read(db, row, now=now)
        if notice is None:
            db.execute("delete from notices where id = ?", [row["id"]])
        elif notice.place and notice.place not in busy:
            return notice
        else:
            blocked.append(row["id"])
    if len(rows) == LOOKED_AT:
        sql = f"update notices set next_try = ? where {_OF}"  # noqa: S608 - ours
        db.execute(sql, [now, json.dumps(blocked)])
    return None


_DUE = """
select * from notices where posted < version and next_try <= :now
    and (lease is null or lease < :now or lease > :latest)
    and (ts is not null or began_at is null)
    and what {} ('alert', 'reminder')
order by next_try, id limit {}
"""
_DUE_ALERTS, _DUE_OTHERS = _DUE.format("in", LOOKED_AT), _DUE.format("not in", LOOKED_AT)


def next_due(db: Database, admins: Collection[str], *, now: float) -> float | None:
    """When there is something to claim or to add, UNIX seconds; None when there is nothing.

    :param admins: Slack user ids of those who are told of outages
    """
    missing = db.execute(
        "select 1 from outages join json_each(?) as admin on true where ended_at is null"
        " and not exists"
        " (select 1 from notices where key = 'outage:' || outages.id || ':' || admin.value)",
        [json.dumps(sorted(admins))],
    ).fetchone()
    if missing:
        return now
    moments = db.execute(
        "select (select min(max(next_try, coalesce(lease, 0))) from notices"
        " where posted < version and (ts is not null or began_at is null)),"
        " (select min(late_at) from reports where state = 'waiting' and late_at is not null)"
    ).fetchone()
    return min((float(moment) for moment in moments if moment is not None), default=None)


def begin(db: Database, notice: Notice, *, now: float) -> Notice | None:
    """Store that a message is going to be posted.

    :returns: the message as it is true now; None when its news is no longer true, or another
        process has claimed it since, and it must not be posted
    """
    rows = {row["id"]: row for row in db.execute(_OURS, [json.dumps(notice.ids), notice.owner])}
    row = rows.get(notice.ids[0])
    current = notice_view.read(db, row, now=now, of=list(rows)) if row is not None else None
    began = current.ids if current else ()
    db.execute(
        f"update notices set lease = null where {_OF} and id not in"  # noqa: S608 - ours
        " (select cast(value as integer) from json_each(?))",
        [json.dumps(list(rows)), json.dumps(began)],
    )
    if row is not None and current is None:
        db.execute("delete from notices where id = ? and ts is null", [notice.ids[0]])
    # An alert may be posted twice: a second one is better than none.
    elif current and current.what not in {News.ALERT, News.REMINDER}:
        sql = f"update notices set began_at = ? where {_OF}"  # noqa: S608 - ours
        db.execute(sql, [now, json.dumps(began)])
    return replace(current, owner=notice.owner) if current else None


_OF = "id in (select cast(value as integer) from json_each(?))"
_OURS = f"select * from notices where {_OF} and owner = ? and ts is null and began_at is null"  # noqa: S608
_CLAIMED = f"{_OF} and owner = ?"


@dataclass(frozen=True)
class Reminding:
    """How often people are reminded of an alert that nobody has seen."""

    every: float
    """Seconds."""
    times: int
    """At most."""


def mark_posted(
    db: Database,
    notice: Notice,
    channel: str,
    ts: str,
    *,
    now: float,
    reminding: Reminding | None = None,
) -> None:
    """Store that the message shows this version. It is due to be shown once more if its claim was
    overtaken. A reminder follows an alert.
    """
    db.execute(
        f"update notices set version = version + iif({is_overtaken('posted')}, 1, 0),"  # noqa: S608
        " posted = max(posted, :version), posted_at = :now, channel = :channel, ts = :ts,"
        " failures = 0, lease = null"
        " where id in (select cast(value as integer) from json_each(:ids))",
        {
            "version": notice.version,
            "owner": notice.owner,
            "now": now,
            "channel": channel,
            "ts": ts,
            "ids": json.dumps(notice.ids),
        },
    )
    new = notice.ts is None and notice.what != News.OUTAGE
    for number in notice.numbers if new else ():
        log_posted(db, number, Posted(notice.what, channel, ts, notice.thread_ts), now)
    if reminding and notice.ts is None and notice.what in {News.ALERT, News.REMINDER}:
        at = now + reminding.every
        alerts.add_reminder(db, notice.ids[0], at=at, most=reminding.times)


def postpone(db: Database, notice: Notice, *, until: float, failed: bool = True) -> None:
    """Slack did not take it: post it later. News that came during a failed try does not wait.

    :param until: UNIX seconds
    :param failed: whether the try counts as a failure; a rate limit does not
    """
    db.execute(
        "update notices set lease = null, began_at = null, failures = failures + ?,"  # noqa: S608
        f" next_try = iif(? and id = ? and version <> ?, next_try, ?) where {_CLAIMED}",
        [
            int(failed),
            failed,
            notice.ids[0],
            notice.version,
            until,
            json.dumps(notice.ids),
            notice.owner,
        ],
    )


def redirect(db: Database, notice: Notice) -> None:
    """From now on it is posted to its person directly."""
    db.execute(
        "update notices set place = who, thread_ts = null, lease = null, began_at = null"  # noqa: S608
        f" where {_CLAIMED}",
        [json.dumps(notice.ids), notice.owner],
    )


def announce_to(db: Database, notice: Notice, people: Collection[str], *, now: float) -> None:
    """An alert that Slack does not take in its channel is posted to people directly instead."""
    drop = "delete from notices where id = ? and ts is null and owner = ?"
    if not db.execute(drop, [notice.ids[0], notice.owner]).rowcount:
        return
    for number in notice.numbers:
        notices.add_alerts(db, number, list(people), now=now)


def retry_all(db: Database, *, now: float, is_dead: IsDead = lambda _: False) -> None:
    """Outdated notices that failed are due now, and so are those of a date of the future, which was
    set back since: their time is further away than a new notice of their kind waits. The leases of
    dead owners end.
    """
    db.execute(
        "update notices set next_try = min(next_try, :now), failures = 0"
        " where posted < version and (failures > 0"
        " or next_try > iif(what = 'reminder', :latest_reminder, :latest))",
        {
            "now": now,
            "latest": now + max(TOLD_AFTER.values()),
            "latest_reminder": now + LONGEST_REMINDING,
        },
    )
    end_dead_leases(db, "notices", "posted < version", is_dead)
