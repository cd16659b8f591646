"""`constat log`: what has been reported, from a running or a stopped bot's file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from sqlite_utils import Database

from storage import audit, reports
from storage.database import open_for_reading, usable
from storage.reports import Entry


def print_log(path: Path, out: TextIO, *, as_json: bool) -> None:
    """A line for each report, oldest first.

    :raises UnusableDatabaseError: when there is no such file, it is not ours, or it is damaged
    """
    with _opened(path) as db:
        for entry in reports.list_all(db):
            shown = _fields(entry)
            line = json.dumps(shown, ensure_ascii=False) if as_json else _line(shown)
            print(line, file=out)


def verify(path: Path, out: TextIO) -> bool:
    """Whether the history is whole; if not, the first row that does not fit is named.

    :raises UnusableDatabaseError: when there is no such file, it is not ours, or it is damaged
    """
    with _opened(path) as db:
        fault = next(audit.faults(db), None)
    print(fault or "the history fits", file=out)
    return fault is None


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    db = open_for_reading(path)
    try:
        with usable(path, "read"):
            yield db
    finally:
        db.close()


def _fields(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "createdAt": _iso(entry.created_at),
        "who": entry.who,
        "kind": entry.kind,
        "state": entry.state,
        "remoteId": entry.remote_id,
        "changedAt": _iso(entry.changed_at),
        "attempts": entry.attempts,
    }


def _line(fields: dict[str, object]) -> str:
    number, created, who, kind, state, remote_id = (fields[name] for name in _SHOWN)
    return f"{number:>6}  {created}  {who!s:<12} {kind!s:<13} {state!s:<9} {remote_id or '-'}"


_SHOWN = ("number", "createdAt", "who", "kind", "state", "remoteId")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
