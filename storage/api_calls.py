"""Every call of an API: when, what, how long, and how it ended. Never a token, header or body."""

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
    """None when no answer came."""
    milliseconds: float
    error: str | None = None


def add(db: Database, number: int | None, call: Call) -> None:
    """:param number: the report it was made for, if it was made for one"""
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
