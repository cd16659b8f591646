"""Opening the file: how durable it is, and what is said when it cannot be used."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.migrations import migrations

LOCK_WAIT = 2.0
"""Seconds to wait for another process's lock: less than Slack waits for us."""


class StorageError(Exception):
    """Nothing was stored; the cause says why."""


class UnusableDatabaseError(StorageError):
    """The file cannot be used as ours: missing, corrupt, read-only, another program's, or newer."""


def open_database(path: Path) -> Database:
    """Open, or make, the file and bring it to this version's shape.

    What is committed survives a power cut: WAL with `synchronous=FULL`. The connection may be
    used by one thread at a time, not only by the one that opened it.

    :raises UnusableDatabaseError: with a sentence for the operator; the file was not changed then
    """
    with usable(path, "used"):
        conn = sqlite3.connect(path, timeout=LOCK_WAIT, check_same_thread=False)
        with _closed_on_failure(conn):
            db = _ours(conn, path)
            db.enable_wal()
            for pragma in ("synchronous = full", "foreign_keys = on", "temp_store = memory"):
                conn.execute(f"pragma {pragma}")
            # The write lock keeps a second process from the same steps. SQLite gives it for a file
            # that cannot be written, too: a write that changes nothing finds that out.
            conn.execute("begin immediate")
            conn.execute("pragma user_version = 0")
            if migrations.pending(db):
                migrations.apply(db)
            conn.execute("commit")
    return db


def open_for_reading(path: Path, *, any_thread: bool = False) -> Database:
    """Open the file of a running or stopped bot, to read it only.

    :param any_thread: whether a thread other than this one may use the connection
    :raises UnusableDatabaseError: when it is missing, or no database of ours
    """
    if not path.is_file():
        raise UnusableDatabaseError(f"{path} does not exist")
    with usable(path, "read"):
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=LOCK_WAIT,
            check_same_thread=not any_thread,
        )
        with _closed_on_failure(conn):
            db = _ours(conn, path)
            if not db["reports"].exists():
                raise UnusableDatabaseError(f"{path} is not a database of constat")
    return db


@contextmanager
def usable(path: Path, how: str) -> Iterator[None]:
    """What SQLite has against the file, told as UnusableDatabaseError."""
    try:
        yield
    except sqlite3.Error as error:
        raise UnusableDatabaseError(f"{path} cannot be {how}: {error}") from error


@contextmanager
def _closed_on_failure(conn: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:  # whatever it is: an open connection would keep the file locked
        conn.close()
        raise


def _ours(conn: sqlite3.Connection, path: Path) -> Database:
    """Refuse a newer constat's file, and another program's: nothing is written into those."""
    conn.row_factory = sqlite3.Row
    db = Database(conn)
    applied = {one.name for one in migrations.applied(db)}
    if not applied and set(db.table_names()) - {migrations.migrations_table}:
        raise UnusableDatabaseError(f"{path} is not a database of constat")
    known = {one.name for one in migrations.pending(Database(memory=True))}
    if newer := applied - known:
        raise UnusableDatabaseError(
            f"{path} was written by a newer constat: {', '.join(sorted(newer))}"
        )
    return db
