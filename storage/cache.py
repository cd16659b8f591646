"""Copies of look-ups, and the last choices of people: forms open quickly with them.

Of a listing only the facts that a form shows are kept: never an e-mail address or a telephone
number.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from storage.canonical_json import read_json


def get(db: Database, token: str, *, now: float) -> tuple[Any, float] | None:
    """The value that was kept for a token, and until when it counts (UNIX seconds).

    None when none counts any more, or when the row cannot be read.
    """
    row = db.execute(
        "select found, until from lookups where token = ? and until > ?", [token, now]
    ).fetchone()
    value = read_json(row["found"]) if row else None
    return None if value is None else (value, float(row["until"]))


def keep(db: Database, token: str, found: Any, *, until: float, now: float) -> None:
    """Keep a value, and delete those that no longer count."""
    db.execute("delete from lookups where until <= ?", [now])
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    db.execute("insert or replace into lookups values (?, ?, ?)", [token, text, until])


def remember_habit(db: Database, who: str, habit: str, value: str) -> None:
    db.execute("insert or replace into habits values (?, ?, ?)", [who, habit, value])


def habits(db: Database, habit: str) -> Mapping[str, str]:
    """Everybody's value of a habit, by Slack user id."""
    rows = db.execute("select who, value from habits where habit = ?", [habit])
    return {row["who"]: row["value"] for row in rows}
