"""Files full of reports: many that are settled, or many that wait.

A few reports go through the storage's own functions; the rest are their copies, made by SQL. The
copies' chain of hashes does not fit: `constat log --verify` is no part of what is measured.
"""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from bench.forms import REPORTER, stored_as
from blocks.form_state import new_key
from bot.texts import searchable
from storage import delivery_queue, receipts, reports
from storage.api_calls import Call
from storage.database import open_database
from storage.engine import Database as Storage
from storage.receipts import Posted
from storage.reports import Change, NewReport
from storage.states import State

ORIGINALS = 10
TABLES = ("reports", "report_texts", "targets", "history", "receipts", "calls", "messages")
SPAN = 2 * 365 * 86_400.0
"""Seconds over which the copies are spread, into the past."""


def settled(path: Path, number: int) -> None:
    """Make a file with so many filed reports, whose receipts are posted. A file that exists is
    brought back to that state.
    """
    if path.exists():
        with _opened(path) as db:
            _forget_after(db, number)
        return
    new_file = path.with_suffix(".new")
    for end in ("", "-wal", "-shm"):
        new_file.with_name(new_file.name + end).unlink(missing_ok=True)
    with _opened(new_file) as db:
        db.execute("begin")
        settle_originals(db)
        for table in TABLES:
            db.execute(_copies(db, table, number))
        db.execute("commit")
        db.execute("pragma wal_checkpoint(truncate)")
    new_file.rename(path)


def waiting(path: Path, number: int) -> None:
    """Add so many reports that wait, as after an outage of the API: all of one channel."""
    with _opened(path) as db:
        db.execute("begin")
        for _ in range(number):
            _add(db)
        db.execute("commit")


def settle_originals(db: Storage) -> None:
    """Add the reports of which the others are copies: filed, with a receipt. Call it in a
    transaction.
    """
    for _ in range(ORIGINALS):
        _settle(db, _add(db))


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    db = open_database(path)
    db.execute("pragma synchronous = off")
    db.execute("pragma foreign_keys = off")
    try:
        yield db
    finally:
        db.close()


def _add(db: Storage) -> int:
    home = str(uuid.uuid4())
    payload = {**json.loads(stored_as()), "propertyIds": [home]}
    new = NewReport(
        key=new_key(),
        kind="report_issue",
        api="immoteur",
        who=REPORTER,
        origin={"team": "T0CONSTAT1", "channel": "C0ANNONCES"},
        payload=payload,
        text=searchable(payload, None),
        targets=(home,),
        thread_channel="C0ANNONCES",
    )
    number, _ = reports.add(db, new, now=time.time())
    return number


def _settle(db: Storage, number: int) -> None:
    now = time.time()
    report = delivery_queue.claim(db, "immoteur", "bench", now=now, lease=30).report
    assert report is not None  # noqa: S101 - it was just added
    change = Change(State.FILED, {"why": "answered"}, remote_id=str(uuid.uuid4()), answer={})
    call = Call(now, "immoteur", "POST", "/issues", 201, 52.3)
    delivery_queue.finish(db, number, "bench", report.attempts, change, [call], now=now)
    for role in ("opener", "receipt"):
        posted = Posted(role, "C0ANNONCES", f"{now:.6f}", f"{now:.6f}")
        receipts.mark_posted(db, number, 3, posted, now=now)


def _copies(db: Database, table: str, number: int) -> str:
    """A statement that fills a table up to so many reports, from those that are there."""
    columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
    values = ", ".join(_copied(table, column) for column in columns)
    times = number // ORIGINALS - 1
    return (
        f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {times})"  # noqa: S608
        f" insert into {table} ({', '.join(columns)}) select {values} from n cross join {table}"
    )


def _copied(table: str, column: str) -> str:
    """The SQL expression for a column of a copy: each copy has another content and time."""
    match table, column:
        case _, "number":
            return f"number + i * {ORIGINALS}"
        case "history" | "calls" | "messages", "id":
            return "null"
        case "reports", "key":
            # Like a form's: of their own, and those of one time beside each other.
            return f"printf('%012x%s', number + i * {ORIGINALS}, lower(hex(randomblob(10))))"
        case "targets", "target":
            # Like a UUID in length and in having no order.
            return "lower(hex(randomblob(18)))"
        case "reports", ("created_at" | "changed_at" | "next_try"):
            return f"{column} - {SPAN} * (abs(random()) / 9223372036854775808.0)"
        case _:
            return column


def _forget_after(db: Database, number: int) -> None:
    for table in reversed(TABLES):
        db.execute(f"delete from {table} where number > ?", [number])  # noqa: S608 - ours
    db.execute("pragma wal_checkpoint(truncate)")
