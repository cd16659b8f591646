"""Outages: times in which an API takes no reports, or a channel no messages.

An outage is open from the first report that meets it until the first success afterwards. Each
person gets one message about an outage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from storage.canonical_json import read_object, to_json
from storage.engine import Database
from storage.workspaces import INSTALLED

Json = Mapping[str, Any]

TOKEN = "token"  # noqa: S105 - a cause, no secret
"""The API refuses our token: its reports are held."""
LATE = "late"
"""A report has waited for an hour, because the API is busy or cannot be reached."""
LATE_AFTER = 3600.0
"""Seconds after which a report that waits is late: after *Send*, and after the end of an outage."""


@dataclass(frozen=True)
class Outage:
    """Times are UNIX seconds."""

    id: int
    source: str
    """An API's name, or the id of a channel in Slack."""
    why: str
    """`TOKEN`, `LATE`, or Slack's error for a message in the channel."""
    facts: Json
    began_at: float
    ended_at: float | None


def begin(
    db: Database, source: str, why: str, facts: Json, *, now: float, of_channel: bool = False
) -> int:
    """The id of the open outage. It is opened if there is none.

    :param of_channel: whether the source is a channel of the installed workspace, and no API
    """
    if (number := open_one(db, source, why, of_channel=of_channel)) is not None:
        return number
    row = db.execute(
        "insert into outages (source, why, facts, began_at, team)"  # noqa: S608 - ours
        f" values (?, ?, ?, ?, {_team(of_channel=of_channel)}) returning id",
        [source, why, to_json(facts), now],
    ).fetchone()
    return int(row["id"])


def open_one(db: Database, source: str, why: str, *, of_channel: bool = False) -> int | None:
    """The id of the open outage; None when there is none."""
    row = db.execute(
        "select id from outages where source = ? and why = ? and ended_at is null"  # noqa: S608 - ours
        f" and team = {_team(of_channel=of_channel)}",
        [source, why],
    ).fetchone()
    return int(row["id"]) if row else None


def _team(*, of_channel: bool) -> str:
    return INSTALLED if of_channel else "''"


def end(db: Database, source: str, *, now: float, begun_before: float | None = None) -> None:
    """End the open outages of a source. Messages about them that are posted, or are just being
    posted, are due for an update, and the others are dropped. Reports that still wait will be late
    again.

    :param begun_before: leave outages that began at this time or later, UNIX seconds
    """
    rows = db.execute(
        "update outages set ended_at = ? where source = ? and ended_at is null"  # noqa: S608 - ours
        f" and team in ('', {INSTALLED})"
        " and (cast(? as double precision) is null or began_at < ?) returning id, why",
        [now, source, begun_before, begun_before],
    ).fetchall()
    for row in rows:
        db.execute(
            "delete from notices where outage = ? and ts is null and began_at is null", [row["id"]]
        )
        db.execute(
            "update notices set version = version + 1, next_try = ?, failures = 0"
            " where outage = ? and (ts is not null or began_at is not null)",
            [now, row["id"]],
        )
        if row["why"] == LATE:
            _let_be_late_again(db, source, now + LATE_AFTER)


def _let_be_late_again(db: Database, api: str, at: float) -> None:
    """Reports that were late in an outage belong to none after it: they are late again at a time.

    All are changed at once, because the next outage may begin right after. It takes a tenth of a
    second for 10,000 reports.
    """
    db.execute(
        "update reports set late_at = ? where late_at is null and number in"
        " (select number from reports where state = 'waiting' and api = ? union all"
        " select number from reports where state = 'sending' and api = ?)",
        [at, api, api],
    )


def get(db: Database, number: int) -> Outage | None:
    row = db.execute("select * from outages where id = ?", [number]).fetchone()
    if row is None:
        return None
    values = {column.name: row[column.name] for column in fields(Outage)}
    return Outage(**values | {"facts": read_object(row["facts"]) or {}})
