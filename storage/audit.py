"""The history of every report's state and content, as a hash chain: a changed row is noticed.

A row is written when a report is submitted, claimed or edited, and when its state changes. None is
written when a waiting report is postponed or is due again, nor when a lease is renewed.
Each row's hash covers the row, what the report held at that time, and the hash of the row before.
Rows and reports that were deleted from the end are noticed by SQLite's own counters.
"""

import hashlib
from collections.abc import Iterator, Mapping
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

from storage.canonical_json import to_json

GENESIS = "0" * 64
_HELD = ("kind", "api", "who", "created_at", "origin", "payload", "state", "remote_id", "answer")


def append(
    db: Database,
    report: Mapping[str, Any] | Row,
    cause: Mapping[str, Any],
    at: float,
    *,
    who: str | None = None,
) -> None:
    """Append a row. The caller's transaction must hold the write lock.

    :param report: its row after the change
    """
    before = db.execute("select hash from history order by id desc limit 1").fetchone()
    row = {
        "number": report["number"],
        "at": at,
        "who": who,
        "state": report["state"],
        "cause": to_json(cause),
        "report_hash": _report_hash(report),
    }
    digest = _hash([before[0] if before else GENESIS, row])
    db.execute(
        "insert into history (number, at, who, state, cause, report_hash, hash)"
        " values (:number, :at, :who, :state, :cause, :report_hash, :hash)",
        row | {"hash": digest},
    )


def has_press(db: Database, number: int, press: str) -> bool:
    """Whether this press of a button, or this form, has changed the report before."""
    found = db.execute(
        "select 1 from history where number = ? and json_extract(cause, '$.press') = ?",
        [number, press],
    ).fetchone()
    return found is not None


def faults(db: Database) -> Iterator[str]:
    """One sentence for each fault, in the order of the chain."""
    before = GENESIS
    last: dict[int, Mapping[str, Any]] = {}
    expected = 1
    for row in db.execute("select * from history order by id"):
        values = dict(row)
        identity, digest = values.pop("id"), values.pop("hash")
        if identity != expected:
            yield f"history row {expected} is missing"
        if digest != _hash([before, values]):
            yield f"history row {identity} (report {values['number']}) does not fit the row before"
        before, expected = digest, identity + 1
        last[values["number"]] = values
    if expected <= _count(db, "history"):
        yield f"history row {expected} is missing"
    yield from _report_faults(db, last)


def _report_faults(db: Database, last: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    """One sentence for each report that differs from the last row of its history."""
    expected = 1
    for row in db.execute("select * from reports order by number"):
        number = row["number"]
        if number != expected:
            yield f"report {expected} is missing"
        expected = number + 1
        newest = last.get(number)
        if newest is None or newest["state"] != row["state"]:
            yield f"report {number} is not in the state that its history ends with"
        elif newest["report_hash"] != _report_hash(row):
            yield f"report {number} does not hold what its history says"
    if expected <= _count(db, "reports"):
        yield f"report {expected} is missing"


def _count(db: Database, table: str) -> int:
    """The highest id that SQLite ever gave in a table."""
    row = db.execute("select seq from sqlite_sequence where name = ?", [table]).fetchone()
    return int(row[0]) if row else 0


def _report_hash(report: Mapping[str, Any] | Row) -> str:
    # For whole seconds `returning` gives an int, and a select gives a float.
    held = dict(report) | {"created_at": float(report["created_at"])}
    return _hash([held[name] for name in _HELD])


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(to_json(values).encode()).hexdigest()
