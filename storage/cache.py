"""Copies of look-ups, and the last choices of people: forms open quickly with them.

Of a listing only the facts that a form shows are kept: never an e-mail address or a telephone
number.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from storage.canonical_json import read_json
from storage.engine import Database


def get(db: Database, token: str, *, now: float) -> tuple[Any, float] | None:
    """The value that was kept for a token, and until when it counts (UNIX seconds).

    None when none counts any more, or when the row cannot be read.
    """
    row = db.execute(
        "select found, until from lookups where token = ? and until > ?", [token, now]
    ).fetchone()
    value = read_json(row["found"]) if row else None
    return None if value is None else (value, float(row["until"]))


_KEPT = 35 * 86_400.0
"""Seconds for which an outdated look-up stays in the file. Lists of reports name its city."""


def keep(db: Database, token: str, found: Any, *, until: float, now: float) -> None:
    """Store the results of look-ups, and delete results that have been outdated for long."""
    db.execute("delete from lookups where until <= ?", [now - _KEPT])
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    db.execute(
        "insert into lookups (token, found, until) values (?, ?, ?) on conflict (token)"
        " do update set found = excluded.found, until = excluded.until",
        [token, text, until],
    )


def everything(db: Database) -> Iterator[tuple[str, Any]]:
    """The result of each token's look-up, outdated ones too. None for a damaged row."""
    for row in db.execute("select token, found from lookups"):
        yield row["token"], read_json(row["found"])


def remember_habit(db: Database, who: str, habit: str, value: str) -> None:
    db.execute(
        "insert into habits (who, habit, value) values (?, ?, ?)"
        " on conflict (who, habit) do update set value = excluded.value",
        [who, habit, value],
    )


def habits(db: Database, habit: str) -> Mapping[str, str]:
    """Everybody's value of a habit, by Slack user id."""
    rows = db.execute("select who, value from habits where habit = ?", [habit])
    return {row["who"]: row["value"] for row in rows}
