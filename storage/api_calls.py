"""The log of API calls: when, what, how long, and how each ended.

It never holds a token, a header or a body.
"""

from dataclasses import dataclass

from sqlite_utils import Database


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


def add(db: Database, number: int | None, call: Call) -> None:
    """:param number: the report for which the call was made; None when there is none"""
    db.execute(
        "insert into calls (number, at, api, method, path, status, milliseconds, error)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number,
            call.at,
            call.api,
            call.method,
            call.path,
            call.status,
            round(call.milliseconds, 1),
            call.error,
        ],
    )
