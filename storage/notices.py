"""Notices: messages with news that people must not miss. A row is one message.

Rows are written in the transaction that stores the news. `storage.notice_queue` gives them out.

A refused or unknown report is one piece of news each time. Held reports are one piece of news for
each person and outage, and so are late ones: a person with many reports gets one message.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from storage import outage_log
from storage.canonical_json import read_object
from storage.engine import Database, Row
from storage.states import State
from storage.workspaces import INSTALLED

LATE_AFTER = outage_log.LATE_AFTER
PIECE = 200
"""Reports that one job marks as late at most."""


class News(StrEnum):
    """The news in a notice. The first three are also the state of the report."""

    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"
    LATE = "late"
    """The report was not sent within `LATE_AFTER`."""
    OUTAGE = "outage"
    """To an admin: an API or a channel takes nothing."""
    ALERT = "alert"
    """A grave report was stored. The message has the button *Seen*."""
    REMINDER = "reminder"
    """Nobody has pressed *Seen* yet. It is posted below the alert."""


TOLD_AFTER: Mapping[News, float] = MappingProxyType(
    {News.REFUSED: 2.0, News.UNKNOWN: 45.0, News.HELD: 5.0, News.LATE: 60.0}
)
"""Seconds. The receipt says it first, reports that fail together are told together, and a report in
doubt is looked for (after 1 and 31 seconds) before anybody is told. While an API takes reports
again, those that pass their hour in the queue are no outage: the next one is filed within a minute.
"""
LONGEST_REMINDING = 86_400.0
"""Seconds between an alert and its reminder, and between two reminders, at most."""


def note_change(db: Database, report: Mapping[str, Any] | Row, who: str | None, now: float) -> None:
    """Add the notice of a report's new state, and drop one that is no longer true.

    The caller's transaction must hold the write lock.

    :param report: its row after the change
    :param who: the person who decided it; then it is no news to anybody
    """
    number, state = report["number"], report["state"]
    db.execute(
        "delete from notices where number = ? and what in ('refused', 'unknown') and what <> ?"
        " and ts is null and began_at is null",
        [number, state],
    )
    db.execute(
        # One that is being posted shows the state from before: it is updated once it is there.
        "update notices set version = version + 1,"
        " next_try = iif(ts is null, next_try, min(next_try, ?))"
        " where number = ? and what = 'alert'",
        [now, number],
    )
    if who is not None:
        return
    if state in {State.REFUSED, State.UNKNOWN}:
        _add_bad_news(db, News(state), report, f"{number}:{report['attempts']}", None, now)
    elif state == State.HELD:
        _note_held(db, report, now)


def _note_held(db: Database, report: Mapping[str, Any] | Row, now: float) -> None:
    """Add the notice of a held report. If an outage begins with it, everybody gets one whose report
    is still held since an earlier outage.
    """
    api, facts = report["api"], read_object(report["cause"]) or {}
    outage = outage_log.open_one(db, api, outage_log.TOKEN)
    if is_new := outage is None:
        outage = outage_log.begin(db, api, outage_log.TOKEN, facts, now=now)
    _add_bad_news(db, News.HELD, report, f"{outage}:{report['who']}", outage, now)
    if is_new:
        db.execute(
            "insert into notices (key, what, who, number, outage, next_try, team)"  # noqa: S608 - ours
            " select 'held:' || :outage || ':' || who, 'held', who, min(number), :outage, :at,"
            f" {INSTALLED} from reports where state = 'held' and api = :api group by who"
            " on conflict (key) do nothing",
            {"outage": outage, "api": api, "at": now + TOLD_AFTER[News.HELD]},
        )


def note_late(db: Database, *, now: float) -> bool:
    """Add the notices of reports that were not sent in time.

    :returns: whether there may be more
    """
    rows = db.execute(
        "select * from reports where state = 'waiting' and late_at <= ? order by late_at limit ?",
        [now, PIECE],
    ).fetchall()
    for row in rows:
        db.execute("update reports set late_at = null where number = ?", [row["number"]])
        facts = read_object(row["cause"]) or {}
        outage = outage_log.begin(db, row["api"], outage_log.LATE, facts, now=now)
        _add_bad_news(db, News.LATE, row, f"{outage}:{row['who']}", outage, now)
    return len(rows) == PIECE


def _add_bad_news(
    db: Database,
    what: News,
    report: Mapping[str, Any] | Row,
    piece: str,
    outage: int | None,
    now: float,
) -> None:
    """:param piece: names the piece of news: it is told once"""
    db.execute(
        "insert into notices (key, what, who, number, outage, next_try, team)"  # noqa: S608 - ours
        f" values (?, ?, ?, ?, ?, ?, {INSTALLED}) on conflict (key) do nothing",
        [f"{what}:{piece}", what, report["who"], report["number"], outage, now + TOLD_AFTER[what]],
    )


def note_outages(db: Database, admins: Collection[str], *, now: float) -> None:
    """Add a notice of each open outage for each admin who has none. Of late reports the admins are
    told when the reporters are: an outage that is over before is none.

    :param admins: Slack user ids
    """
    for admin in sorted(admins):
        db.execute(
            "insert into notices (key, what, who, outage, place, next_try, team)"  # noqa: S608 - ours
            " select 'outage:' || id || ':' || :admin, 'outage', :admin, id, :admin,"
            f" iif(why = 'late', began_at + :after, :now), {INSTALLED}"
            " from outages where ended_at is null on conflict (key) do nothing",
            {"admin": admin, "now": now, "after": TOLD_AFTER[News.LATE]},
        )


def note_alert(db: Database, number: int, places: Sequence[str], *, now: float) -> None:
    """Add the alerts of a grave report. A report has them once.

    :param places: channels, or people who get it directly
    """
    if not places or db.execute("select 1 from alerts where number = ?", [number]).fetchone():
        return
    db.execute("insert into alerts (number) values (?)", [number])
    add_alerts(db, number, places, now=now)


def add_alerts(db: Database, number: int, places: Sequence[str], *, now: float) -> None:
    """Add alerts of a report in further places."""
    for place in dict.fromkeys(places):
        db.execute(
            "insert into notices (key, what, number, place, next_try, team)"  # noqa: S608 - ours
            f" values (?, ?, ?, ?, ?, {INSTALLED}) on conflict (key) do nothing",
            [f"{News.ALERT}:{number}:{place}", News.ALERT, number, place, now],
        )
