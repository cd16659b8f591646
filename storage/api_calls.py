"""The log of API calls: when, what, how long, and how each ended.

It never holds a token, a header or a body.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.engine import Database


@dataclass(frozen=True)
class Call:
    at: float
    """UNIX seconds."""
    api: str
    method: str
    path: str
    status: int | None
    """The HTTP status; None when no answer came."""
    milliseconds: float
    error: str | None = None


def add(db: Database, calls: Sequence[Call], *, number: int | None = None) -> None:
    """:param number: the report for which the calls were made; None when there is none"""
    db.conn.executemany(
        "insert into calls (number, at, api, method, path, status, milliseconds, error)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                call.at,
                call.api,
                call.method,
                call.path,
                call.status,
                round(call.milliseconds, 1),
                call.error,
            )
            for call in calls
        ],
    )
