"""Opening the file: how durable a commit is, and why a file is refused."""

import hashlib
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.engine import LOCK_WAIT, UnusableDatabaseError
from storage.file_safety import create_private, make_private
from storage.migrations import all_steps, migrations

_WAL_LIMIT = 64 * 2**20
"""Bytes to which the write-ahead log is cut once it was copied into the database."""


def open_database(path: Path) -> Database:
    """Open or create the file, and bring it to this version's shape.

    A commit survives a power cut, because the journal is a WAL with `synchronous=FULL`. Only the
    file's owner may read it. Any thread may use the connection, one thread at a time.

    :raises UnusableDatabaseError: with a sentence for the operator; then the file was not changed
    """
    with usable(path, "used"):
        create_private(path)
        conn = sqlite3.connect(path, timeout=LOCK_WAIT, check_same_thread=False)
        with _closed_on_failure(conn):
            db = _ours(conn, path)
            db.enable_wal()
            for pragma in _PRAGMAS:
                conn.execute(f"pragma {pragma}")
            # The write lock keeps a second process from running the same steps. SQLite grants it
            # even on a read-only file, and only a write fails: so a value is written unchanged.
            conn.execute("begin immediate")
            conn.execute("pragma user_version = 0")
            if migrations.pending(db):
                migrations.apply(db)
            conn.execute("commit")
        make_private(path)
    return db


_PRAGMAS = (
    "synchronous = full",
    "foreign_keys = on",
    "temp_store = memory",
    "secure_delete = on",  # deleted words are overwritten with zeros
    f"journal_size_limit = {_WAL_LIMIT}",
)


def open_for_reading(path: Path, *, any_thread: bool = False) -> Database:
    """Open the file of a running or stopped bot, to read it only.

    :param any_thread: whether a thread other than this one may use the connection
    :raises UnusableDatabaseError: when it is missing, or no database of ours
    """
    _check_is_file(path)
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


def open_existing(path: Path) -> Database:
    """Open the file of a running or stopped bot to write it. Its shape is left as it is.

    :raises UnusableDatabaseError: when it is missing, or no database of ours
    """
    _check_is_file(path)
    with usable(path, "used"):
        conn = sqlite3.connect(path, timeout=LOCK_WAIT)
        with _closed_on_failure(conn):
            db = _ours(conn, path)
            if not db["reports"].exists():
                raise UnusableDatabaseError(f"{path} is not a database of constat")
            for pragma in _PRAGMAS:
                conn.execute(f"pragma {pragma}")
    return db


def _check_is_file(path: Path) -> None:
    """:raises UnusableDatabaseError: when there is no file, or it cannot be looked at"""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise UnusableDatabaseError(f"{path} does not exist") from error
    except OSError as error:
        raise UnusableDatabaseError(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise UnusableDatabaseError(f"{path} is not a file")


@contextmanager
def usable(path: Path, how: str) -> Iterator[None]:
    """Raise an error of SQLite as UnusableDatabaseError."""
    try:
        yield
    except sqlite3.Error as error:
        raise UnusableDatabaseError(f"{path} cannot be {how}: {error}") from error


@contextmanager
def _closed_on_failure(conn: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:  # an open connection would keep the file locked, whatever was raised
        conn.close()
        raise


def _matches(pattern: str, text: str) -> bool:
    """SQLite has the operator `regexp` and leaves its meaning to the program."""
    return re.search(pattern, text) is not None


def _sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _ours(conn: sqlite3.Connection, path: Path) -> Database:
    """Refuse another program's file and a newer constat's, before anything is written into it."""
    conn.row_factory = sqlite3.Row
    conn.create_function("regexp", 2, _matches, deterministic=True)
    conn.create_function("sha256_hex", 1, _sha256_hex, deterministic=True)
    db = Database(conn)
    applied = {migration.name for migration in migrations.applied(db)}
    if not applied and set(db.table_names()) - {migrations.migrations_table}:
        raise UnusableDatabaseError(f"{path} is not a database of constat")
    if newer := applied - {step.name for step in all_steps()}:
        raise UnusableDatabaseError(
            f"{path} was written by a newer constat: {', '.join(sorted(newer))}"
        )
    return db
