"""Alerts of grave reports, the person who has seen each, and reminders until somebody has."""

from dataclasses import dataclass

from storage import audit
from storage.engine import Database


@dataclass(frozen=True)
class Seen:
    """Who pressed *Seen* first."""

    who: str
    at: float
    """UNIX seconds."""
    new: bool = True
    """Whether it was this press."""


def mark_seen(
    db: Database, number: int, who: str, press: str, *, channel: str, ts: str, now: float
) -> Seen | None:
    """Store that somebody has seen the alert of a report, in its history too. Only the first press
    counts. No reminder follows, and each alert of the report is due for an update.

    :param press: a press that Slack sends twice has the same
    :param channel: where the button was pressed
    :param ts: of the message with the button. It is the only place that names it if Slack's answer
        to the post was lost.
    :returns: None when the report has no alert
    """
    row = db.execute("select seen_by, seen_at from alerts where number = ?", [number]).fetchone()
    if row is None:
        return None
    if row["seen_at"] is not None:
        again = audit.has_press(db, number, press)
        return Seen(row["seen_by"] or "", row["seen_at"], new=again)
    # In the conversation with a person the place of the alert is the person.
    place = who if channel.startswith("D") else channel
    db.execute("update alerts set seen_by = ?, seen_at = ? where number = ?", [who, now, number])
    report = db.execute("select * from reports where number = ?", [number]).fetchone()
    audit.append(db, report, {"why": "seen", "by": who, "press": press}, now, who=who)
    db.execute(
        "update notices set channel = ?, ts = ? where number = ? and what = 'alert' and ts is null"
        " and coalesce(channel, place) = ?",
        [channel, ts, number, place],
    )
    db.execute(
        "delete from notices where number = ? and what = 'reminder' and ts is null", [number]
    )
    db.execute(
        "update notices set version = version + 1, next_try = ?, failures = 0"
        " where number = ? and what = 'alert'",
        [now, number],
    )
    return Seen(who, now)


def seen(db: Database, number: int) -> Seen | None:
    """The person who has seen the alert of a report; None when nobody has."""
    row = db.execute(
        "select seen_by, seen_at from alerts where number = ? and seen_at is not null", [number]
    ).fetchone()
    return Seen(row["seen_by"] or "", row["seen_at"]) if row else None


def add_reminder(db: Database, posted: int, *, at: float, most: int) -> None:
    """Have people reminded of an alert, unless somebody has seen it, they are going to be reminded,
    or they were often enough.

    :param posted: the id of the alert's notice or of a reminder's, which was just posted
    :param at: UNIX seconds
    :param most: how many reminders there are at most
    """
    alert = db.execute(
        "select alert.* from notices as posted join notices as alert"
        " on alert.number = posted.number and alert.what = 'alert'"
        " and alert.channel = posted.channel join alerts on alerts.number = alert.number"
        " where posted.id = ? and seen_at is null",
        [posted],
    ).fetchone()
    if alert is None:
        return
    key = f"reminder:{alert['id']}:"
    reminders, unposted = db.execute(
        "select count(*), count(*) - count(ts) from notices where number = ? and key like ?",
        [alert["number"], f"{key}%"],
    ).fetchone()
    if reminders < most and not unposted:
        db.execute(
            "insert into notices (key, what, number, place, thread_ts, next_try)"
            " values (?, 'reminder', ?, ?, ?, ?) on conflict (key) do nothing",
            [f"{key}{reminders + 1}", alert["number"], alert["channel"], alert["ts"], at],
        )
