"""The transactions of SQLite, for the threads of the store."""

import sqlite3
import time
from contextlib import suppress

from sqlite_utils import Database

from storage.file_safety import OpenFile

_TRY_EVERY = 0.005
"""Seconds between two tries to take a lock that another process holds."""


class SqliteEngine:
    error = sqlite3.Error

    def __init__(self, db: Database, begin: str, file: OpenFile | None = None) -> None:
        """:param db: any thread may use it
        :param begin: the statement that begins a transaction
        :param file: what is looked at before each commit; None for a reader
        """
        self.db = db
        self._begin, self._file = begin, file
        if file is not None:
            # SQLite waits per statement. The writer waits itself, until a time that it is given.
            db.conn.execute("pragma busy_timeout = 0")

    def begin(self, until: float) -> None:
        while True:
            try:
                self.db.conn.execute(self._begin)
            except sqlite3.OperationalError as error:
                if not self.is_locked(error) or time.monotonic() >= until:
                    raise
                time.sleep(_TRY_EVERY)
            else:
                return

    def is_locked(self, error: Exception) -> bool:
        # The extended codes of SQLITE_BUSY are meant too.
        code: int = getattr(error, "sqlite_errorcode", 0)
        return code & 0xFF == sqlite3.SQLITE_BUSY

    def note(self, error: Exception) -> bool:  # noqa: ARG002 - a file has no connection
        return False

    @property
    def in_transaction(self) -> bool:
        return self.db.conn.in_transaction

    def savepoint(self, name: str) -> None:
        self.db.conn.execute(f"savepoint {name}")

    def rollback_to(self, name: str) -> None:
        self.db.conn.execute(f"rollback to {name}")

    def release(self, name: str) -> None:
        self.db.conn.execute(f"release {name}")

    @property
    def commit_was_skipped(self) -> bool:
        return False  # each statement has its result before the commit

    @property
    def in_doubt(self) -> bool:
        return False

    def commit(self) -> None:
        self.db.conn.execute("commit")

    def rollback(self) -> None:
        with suppress(sqlite3.Error):  # SQLite has rolled back already, or the disk is gone
            self.db.rollback()

    def fault(self) -> str | None:
        return self._file.fault() if self._file else None

    def refusal(self) -> str | None:
        return self.fault()

    def close(self) -> None:
        self.db.close()
