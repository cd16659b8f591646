"""What listings were found to be, and what people did last: kept so that forms open quickly.

Of a listing only what a form shows is kept: never an e-mail address or a telephone number.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database


def get(db: Database, token: str, *, now: float) -> tuple[Any, float] | None:
    """What was found for a token, and until when that counts (UNIX seconds)."""
    row = db.execute(
        "select found, until from lookups where token = ? and until > ?", [token, now]
    ).fetchone()
    return (json.loads(row["found"]), float(row["until"])) if row else None


def keep(db: Database, token: str, found: Any, *, until: float, now: float) -> None:
    """Keep what was found, and forget what no longer counts."""
    db.execute("delete from lookups where until <= ?", [now])
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    db.execute("insert or replace into lookups values (?, ?, ?)", [token, text, until])


def remember_habit(db: Database, who: str, habit: str, value: str) -> None:
    db.execute("insert or replace into habits values (?, ?, ?)", [who, habit, value])


def habits(db: Database, habit: str) -> Mapping[str, str]:
    """Everybody's value of a habit, by Slack user id."""
    rows = db.execute("select who, value from habits where habit = ?", [habit])
    return {row["who"]: row["value"] for row in rows}
