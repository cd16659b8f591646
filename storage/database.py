"""Opening the file: how durable it is, and what is said when it cannot be used."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from storage.migrations import migrations

LOCK_WAIT = 2.0
"""Seconds to wait for another process's lock: less than Slack waits for us."""


class StorageError(Exception):
    """Nothing was stored; the cause says why."""


class Unusable(StorageError):  # noqa: N818 - reads as what it says
    """The file cannot be opened as ours: corrupt, read-only, or written by a newer constat."""


def open_database(path: Path) -> Database:
    """Open, or make, the file and bring it to this version's shape.

    What is committed survives a power cut: WAL with `synchronous=FULL`. The connection may be
    used by one thread at a time, not only by the one that opened it.

    :raises Unusable: with a sentence for the operator
    """
    try:
        conn = sqlite3.connect(path, timeout=LOCK_WAIT, check_same_thread=False)
        conn.row_factory = sqlite3.Row
        db = Database(conn)
        db.enable_wal()
        for pragma in ("synchronous = full", "foreign_keys = on", "temp_store = memory"):
            conn.execute(f"pragma {pragma}")
        _refuse_newer(db, path)
        if migrations.pending(db):
            migrations.apply(db)
    except sqlite3.Error as error:
        raise Unusable(f"{path} cannot be used: {error}") from error
    return db


def open_for_reading(path: Path) -> Database:
    """Open the file of a running or stopped bot, to read it only.

    :raises Unusable: when it is missing, or no database of ours
    """
    if not path.is_file():
        raise Unusable(f"{path} does not exist")
    try:
        conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=LOCK_WAIT)
        conn.row_factory = sqlite3.Row
        db = Database(conn)
        if not db["reports"].exists():
            raise Unusable(f"{path} is not a database of constat")
    except sqlite3.Error as error:
        raise Unusable(f"{path} cannot be read: {error}") from error
    return db


def _refuse_newer(db: Database, path: Path) -> None:
    known = {one.name for one in migrations.pending(Database(memory=True))}
    if newer := {one.name for one in migrations.applied(db)} - known:
        raise Unusable(f"{path} was written by a newer constat: {', '.join(sorted(newer))}")
