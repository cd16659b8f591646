"""`constat log`: the reports in the file of a bot, whether it is running or not."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from sqlite_utils import Database

from bot import settings as configuration
from storage import audit, reports
from storage.database import open_for_reading, usable
from storage.reports import Entry


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--verify", "verifies", is_flag=True, help="Verify the audit trail instead.")
@click.pass_context
def log(ctx: click.Context, *, as_json: bool, verifies: bool) -> None:
    """List all reports, or verify the audit trail.

    The command reads the file that CONSTAT_DB names, also while the bot is running. With --verify
    it exits with status 1 if somebody changed the audit trail.

    \b
    Examples:
      constat log
      constat log --json | jq 'select(.state == "held")'
      constat log --verify
    """
    settings, _ = configuration.load("log")
    if not verifies:
        print_log(settings.constat_db, sys.stdout, as_json=as_json)
    elif not verify(settings.constat_db, sys.stdout):
        ctx.exit(1)


def print_log(path: Path, out: TextIO, *, as_json: bool) -> None:
    """Print a line for each report, oldest first.

    :raises UnusableDatabaseError: if there is no such file, it is not ours, or it is damaged
    """
    with _opened(path) as db:
        for entry in reports.list_all(db):
            fields = _fields(entry)
            line = json.dumps(fields, ensure_ascii=False) if as_json else _line(fields)
            print(line, file=out)


def verify(path: Path, out: TextIO) -> bool:
    """Whether the audit trail is complete and unchanged; if not, print the first difference.

    :raises UnusableDatabaseError: if there is no such file, it is not ours, or it is damaged
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
