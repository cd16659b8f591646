"""What has been reported, read for `constat log` and for offering it first the next time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from storage.transitions import Json


@dataclass(frozen=True)
class Entry:
    """A report as the log shows it. Times are UNIX seconds."""

    number: int
    created_at: float
    who: str
    kind: str
    state: str
    remote_id: str | None
    changed_at: float
    attempts: int


def entries(db: Database) -> Iterator[Entry]:
    """Every report, oldest first."""
    for row in db.execute(
        "select number, created_at, who, kind, state, remote_id, changed_at, attempts"
        " from reports order by number"
    ):
        yield Entry(**dict(row))


@dataclass(frozen=True)
class Use:
    """What a report named, by whom, and where."""

    number: int
    who: str
    origin: Json
    payload: Json


def uses(db: Database, kind: str, *, after: int, limit: int) -> list[Use]:
    """The newest reports of a kind behind a number, oldest first."""
    rows = db.execute(
        "select number, who, origin, payload from reports where number > ? and kind = ?"
        " order by number desc limit ?",
        [after, kind, limit],
    )
    return [
        Use(row["number"], row["who"], json.loads(row["origin"]), json.loads(row["payload"]))
        for row in reversed(rows.fetchall())
    ]
