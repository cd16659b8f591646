"""A notice with everything that its message shows: its row, and the reports that it is about."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from storage import alerts, outage_log
from storage.alerts import Seen
from storage.engine import Database, Row
from storage.notices import News
from storage.outage_log import Outage
from storage.transitions import Report, report_of

__all__ = ["NAMED", "SEPARATELY", "News", "Notice", "is_person", "read"]

SEPARATELY = 3
"""So many refused or unknown reports of one person get a notice in each thread. With more, one
direct message is posted for all.
"""
NAMED = 20
"""Reports that a message about several reports names at most."""


@dataclass(frozen=True)
class Notice:
    """A message to post or to update."""

    ids: tuple[int, ...]
    """Its rows: several pieces of news can be one message."""
    what: News
    who: str
    """The id of the person whom it is for. Empty for an alert."""
    api: str
    """Whose reports it is about. Empty for a channel's outage."""
    numbers: tuple[int, ...]
    """The reports that it is about, oldest first."""
    report: Report | None
    """The report, if it is about one only."""
    outage: Outage | None
    seen: Seen | None
    place: str
    """The channel, or the user, that it is posted to."""
    thread_ts: str | None
    channel: str | None
    """Where the message is, once it is posted."""
    ts: str | None
    version: int
    failures: int
    sent_to: str
    """The place that its row names: a channel or a user; empty for the thread of a receipt."""
    receipts: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Channel and ts of the receipts that are posted, by the number of the report. At most
    `NAMED` of them.
    """
    owner: str | None = None
    """The process that claimed it."""


_NOT_SENT = "state in ('waiting', 'sending')"
"""A report that waits is still late while another try is under way."""
_ON_HOLD = (
    "state in ('held', 'waiting', 'sending') and (state = 'held' or exists"
    " (select 1 from history where history.number = reports.number and history.state = 'held'))"
)
"""A held report is still on hold while it alone is tried, to find out whether its API takes reports
again. In an outage no other held report is released."""


def is_person(place: str) -> bool:
    """Whether a place is a person, `U…` or `T…/U…`, and no channel."""
    return place.rpartition("/")[2].startswith(("U", "W"))


def read(db: Database, row: Row, *, now: float, of: Collection[int] | None = None) -> Notice | None:
    """The message of a row; None when its news is no longer true.

    Its place is empty while the receipt is not posted whose thread it belongs in.

    :param now: UNIX seconds
    :param of: the ids of the notices that may be part of it; None when any may be that nobody has
        claimed
    """
    notice = _of_row(db, row)
    if row["outage"] and notice.ts is None and not _is_open(notice.outage):
        return None
    if notice.what == News.OUTAGE:
        return replace(notice, numbers=_kept_back(db, notice.outage))
    pieces = _pieces(db, row, now, of)
    numbers = tuple(piece["number"] for piece in pieces)
    if notice.ts is not None:
        return _with_place(db, replace(notice, numbers=numbers, place=notice.channel or ""))
    if not pieces or notice.seen:
        return None
    ids = tuple(dict.fromkeys([row["id"], *(piece["id"] for piece in pieces)]))
    return _with_place(db, replace(notice, ids=ids, numbers=numbers))


def _of_row(db: Database, row: Row) -> Notice:
    what = News(row["what"])
    outage = outage_log.get(db, row["outage"]) if row["outage"] else None
    report = db.execute("select api from reports where number = ?", [row["number"]]).fetchone()
    return Notice(
        ids=(row["id"],),
        what=what,
        who=row["who"],
        api=report["api"] if report else "",
        numbers=(),
        report=None,
        outage=outage,
        seen=alerts.seen(db, row["number"]) if what in {News.ALERT, News.REMINDER} else None,
        place=row["place"],
        thread_ts=row["thread_ts"],
        channel=row["channel"],
        ts=row["ts"],
        version=row["version"],
        failures=row["failures"],
        sent_to=row["place"],
    )


def _pieces(db: Database, row: Row, now: float, of: Collection[int] | None) -> list[Row]:
    """The reports of which the news is true, oldest first, each with the id of its notice."""
    what = News(row["what"])
    if what in {News.REFUSED, News.UNKNOWN}:
        return _alike(db, row, now, of)
    if what in {News.HELD, News.LATE}:
        state = _ON_HOLD if what == News.HELD else f"{_NOT_SENT} and late_at is null"
        sql = f"{state} and who = :who and api = (select source from outages where id = :outage)"  # noqa: S608
    else:
        sql = "number = :number"
    return db.execute(
        # The plus keeps SQLite from reading all reports of the person, by their numbers.
        f"select :id as id, number from reports where {sql} order by +number",  # noqa: S608 - ours
        {name: row[name] for name in ("id", "who", "outage", "number")},
    ).fetchall()


def _alike(db: Database, row: Row, now: float, of: Collection[int] | None) -> list[Row]:
    """The unposted pieces of the same news for the same person, if they are many; else this one
    alone.
    """
    rows = db.execute(
        "select notices.id, number from notices join reports using (number)"
        " where notices.who = :who and what = :what and posted < version and state = what"
        # The news of an earlier try is none any more.
        " and notices.key = what || ':' || number || ':' || attempts"
        " and api = (select api from reports where number = :number)"
        " and (notices.id = :id or (place = '' and began_at is null"
        " and ts is null and (cast(:of as text) is null"
        " or notices.id in (select cast(value as integer) from json_each(:of)))"
        " and (cast(:of as text) is not null or notices.lease is null or notices.lease < :now)))"
        # The plus keeps SQLite from reading all notices, by the numbers of their reports.
        " order by +notices.number",
        {
            **{name: row[name] for name in ("id", "who", "what", "number")},
            "now": now,
            "of": None if of is None else json.dumps(list(of)),
        },
    ).fetchall()
    mine = [piece for piece in rows if piece["id"] == row["id"]]
    return rows if mine and len(rows) > SEPARATELY else mine


def _is_open(outage: Outage | None) -> bool:
    return outage is not None and outage.ended_at is None


def _kept_back(db: Database, outage: Outage | None) -> tuple[int, ...]:
    """The reports that an outage of an API keeps from being sent."""
    if outage is None or not _is_open(outage):
        return ()
    states = {outage_log.TOKEN: _ON_HOLD, outage_log.LATE: _NOT_SENT}
    if (state := states.get(outage.why)) is None:  # a channel's
        return ()
    rows = db.execute(
        # The first condition is the one of an index.
        "select number from reports where state not in ('filed', 'discarded') and api = ?"  # noqa: S608 - ours
        f" and {state} order by number",
        [outage.source],
    )
    return tuple(row["number"] for row in rows)


def _with_place(db: Database, notice: Notice) -> Notice:
    """The notice with its place: the thread of the one report's receipt, or else its person."""
    receipts = {
        row["number"]: row
        for row in db.execute(
            "select * from receipts where ts is not null"
            " and number in (select cast(value as integer) from json_each(?))",
            [json.dumps(notice.numbers[:NAMED])],
        )
    }
    places = {number: (row["channel"], row["ts"]) for number, row in receipts.items()}
    notice = replace(notice, receipts=places)
    if len(notice.numbers) != 1:
        return replace(notice, place=notice.place or notice.who)
    (number,) = notice.numbers
    row = db.execute("select * from reports where number = ?", [number]).fetchone()
    notice = replace(notice, report=report_of(row))
    receipt = receipts.get(number)
    if notice.place or receipt is None:
        return notice
    if receipt["direct"]:
        return replace(notice, place=receipt["channel"])
    return replace(notice, place=receipt["thread_channel"], thread_ts=receipt["thread_ts"])
