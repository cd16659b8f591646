"""Which week was posted in which channel."""

from dataclasses import dataclass

from storage.engine import Database
from storage.workspaces import INSTALLED


@dataclass(frozen=True)
class PostedWeek:
    at: float
    """When the message was sent to Slack, UNIX seconds."""
    ts: str | None
    """Of the message. None if Slack has not confirmed it."""


def find(db: Database, channel: str, week: str) -> PostedWeek | None:
    """:param week: the date of its Monday, such as `2026-11-23`"""
    row = db.execute(_FIND, [channel, week]).fetchone()
    return PostedWeek(row["at"], row["ts"]) if row else None


def claim(db: Database, channel: str, week: str, *, now: float, again: bool = False) -> bool:
    """Reserve the week for one message. Whoever gets False must not post it.

    :param again: whether a week that was posted before may be posted once more
    """
    cursor = db.execute(_AGAIN if again else _ONCE, [channel, week, now])
    return cursor.rowcount == 1


_OF = f"where team = {INSTALLED} and channel = ? and week = ?"
_FIND = f"select at, ts from posted_weeks {_OF}"  # noqa: S608 - ours
_CONFIRM = f"update posted_weeks set ts = ? {_OF} and at = ?"  # noqa: S608 - ours
_RELEASE = f"delete from posted_weeks {_OF} and at = ?"  # noqa: S608 - ours
_NEW = (
    f"insert into posted_weeks (team, channel, week, at) values ({INSTALLED}, ?, ?, ?)"  # noqa: S608 - ours
    " on conflict (team, channel, week)"
)
_ONCE = f"{_NEW} do nothing"
_AGAIN = f"{_NEW} do update set at = excluded.at, ts = null"


def confirm(db: Database, channel: str, week: str, ts: str, *, at: float) -> None:
    """Slack has the message.

    :param at: `now` of the claim; a later one is another message's
    """
    db.execute(_CONFIRM, [ts, channel, week, at])


def release(db: Database, channel: str, week: str, *, at: float) -> None:
    """Slack does not have the message: it may be posted later.

    :param at: as of `confirm`
    """
    db.execute(_RELEASE, [channel, week, at])
