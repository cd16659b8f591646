"""The messages in Slack that show a report: the receipt, the opener, and further messages.

A further message holds the items that have no room in the receipt's own message. It is numbered
from 1. Each message that Slack accepted is stored at once, so that a bot that dies posts none of
them again, except for the one that it was posting.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass

from storage import outage_log
from storage.engine import Database


@dataclass(frozen=True)
class Posted:
    """A message that Slack accepted."""

    what: str
    """`opener` (it begins the thread), `receipt`, `direct` or `part`."""
    channel: str
    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True)
class Part:
    """A further message of a receipt."""

    channel: str
    ts: str
    shown: str
    """A digest of its content."""


NOT_ERASED = "not exists (select 1 from reports where number = ? and erased_at is not null)"


def log_posted(db: Database, number: int, message: Posted, now: float) -> bool:
    """Record that a message was posted or updated, for `constat show`.

    :returns: False when the report was erased meanwhile. Then nothing may be stored about where its
        messages are
    """
    cursor = db.execute(
        "insert into messages (number, at, what, channel, ts, thread_ts)"
        f" select ?, ?, ?, ?, ?, ? where {NOT_ERASED}",
        [number, now, message.what, message.channel, message.ts, message.thread_ts, number],
    )
    return cursor.rowcount == 1


def set_thread(
    db: Database,
    number: int,
    thread_ts: str,
    *,
    now: float,
    opener: Posted | None = None,
    opener_shown: str | None = None,
) -> None:
    """Store the thread that a receipt belongs to from now on.

    :param opener: the message that was posted to begin the thread; None when the receipt's own
        message begins it, because Slack posted that into the channel
    :param opener_shown: a digest of the opener's content
    """
    if opener is not None:
        log_posted(db, number, opener, now)
    db.execute(
        "update receipts set thread_ts = ?, opener_ts = ?, opener_shown = ? where number = ?"  # noqa: S608
        f" and {NOT_ERASED}",
        [thread_ts, opener.ts if opener else None, opener_shown, number, number],
    )


def set_message(db: Database, number: int, message: Posted, *, now: float) -> None:
    """Store where the receipt's own message is, before the other messages are posted. The version
    does not count as posted yet.
    """
    if not log_posted(db, number, message, now):
        return
    db.execute(
        "update receipts set channel = ?, ts = ?, direct = ? where number = ?",
        [message.channel, message.ts, message.what == "direct", number],
    )


def set_part(
    db: Database, number: int, part: int, message: Posted, shown: str, *, now: float
) -> None:
    """Store that a further message was posted or updated.

    :param shown: a digest of its content
    """
    if not log_posted(db, number, message, now):
        return
    db.execute(
        "insert into receipt_parts (number, part, channel, ts, shown) values (?, ?, ?, ?, ?)"
        " on conflict (number, part) do update set channel = excluded.channel, ts = excluded.ts,"
        " shown = excluded.shown",
        [number, part, message.channel, message.ts, shown],
    )


def parts_of(db: Database, number: int) -> dict[int, Part]:
    """A receipt's further messages, by their number."""
    rows = db.execute(
        "select part, channel, ts, shown from receipt_parts where number = ? order by part",
        [number],
    )
    return {row["part"]: Part(row["channel"], row["ts"], row["shown"]) for row in rows}


def forget_parts(db: Database, number: int) -> None:
    """The further messages are no longer updated: the next version posts new ones."""
    db.execute("delete from receipt_parts where number = ?", [number])


def forget_opener(db: Database, number: int) -> None:
    """The opener is no longer updated: somebody deleted it, or Slack refuses its updates."""
    db.execute(
        "update receipts set opener_ts = null, opener_shown = null where number = ?", [number]
    )


def list_threads(db: Database, numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """The channel and the `thread_ts` of each report's thread, where there is one, by number."""
    rows = db.execute(
        "select number, thread_channel, thread_ts from receipts"
        " where number in (select cast(value as integer) from json_each(?))"
        " and thread_ts is not null",
        [json.dumps(list(numbers))],
    )
    return {row["number"]: (row["thread_channel"], row["thread_ts"]) for row in rows}


def redirect(
    db: Database, number: int, user: str, *, now: float, channel_error: str | None = None
) -> None:
    """From now on the receipt is posted to that person directly, with its further messages.

    :param now: UNIX seconds
    :param channel_error: Slack's error, if the admins must get a message that the channel takes
        nothing
    """
    if channel_error is not None:
        row = db.execute("select thread_channel from receipts where number = ?", [number])
        channel = row.fetchone()[0]
        outage_log.begin(db, channel, channel_error, {}, now=now, of_channel=True)
    forget_parts(db, number)
    db.execute(
        "update receipts set direct = true, channel = ?, ts = null, lease = null, failures = 0"  # noqa: S608
        f" where number = ? and {NOT_ERASED}",
        [user, number, number],
    )
