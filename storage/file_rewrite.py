"""Writing a file anew, so that nothing is left in it of what was erased."""

import sqlite3
import time

from sqlite_utils import Database as SqliteDatabase

from storage.engine import Database


def of_file(db: Database) -> SqliteDatabase:
    """A connection that was opened by the path of a file."""
    assert isinstance(db, SqliteDatabase)  # noqa: S101 - only SQLite has files
    return db


def is_used(db: SqliteDatabase) -> bool:
    """Whether another process has the file open, such as a running bot."""
    try:
        db.execute("pragma busy_timeout = 0")
        # Only the one process that has the file open can leave the WAL mode.
        alone = db.execute("pragma journal_mode = delete").fetchone()[0] == "delete"
    except sqlite3.OperationalError:
        alone = False
    finally:
        db.execute("pragma busy_timeout = 2000")
    if alone:
        db.enable_wal()
    return not alone


def rewrite(db: SqliteDatabase, *, patience: float = 30.0) -> bool:
    """Write the file anew, without the unused space in which erased words may be left.

    SQLite overwrites what is deleted (`secure_delete`), but not the copies that it left behind when
    it moved rows to other pages. Nobody can write meanwhile: about a second for 100 MB.

    :param patience: seconds to wait for those who read the file
    :returns: False if somebody reads all the time; then the write-ahead log still has old pages
    """
    db.execute("vacuum")
    ends = time.monotonic() + patience
    while db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]:
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
