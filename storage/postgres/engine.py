"""The transactions of PostgreSQL, for the threads of the store: a lost connection is made anew."""

import logging
import time
from contextlib import suppress

import psycopg
from psycopg import errors

from storage.address import PostgresAddress
from storage.engine import LOCK_WAIT
from storage.postgres import server
from storage.postgres.commits import CommitNumber
from storage.postgres.database import PostgresDatabase
from storage.postgres.server import connect

log = logging.getLogger(__name__)

_TRY_EVERY = 0.05
"""Seconds between two tries to connect, and between two questions about a lost commit."""
LONGEST_SILENCE = 60.0
"""Seconds. The server ends a statement of a bot earlier. A process of it that hangs, or a pooler,
would otherwise hold up this bot until somebody restarts it."""
_SHORTEST_WAIT = 0.01
"""Seconds. To PostgreSQL, a wait of 0 means for ever."""
_ENDED = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleInTransactionSessionTimeout,
)
"""The server's last words on a connection, which psycopg takes for open until it reads on."""
_READ_ONLY = (errors.ReadOnlySqlTransaction, errors.ObjectNotInPrerequisiteState)
_POOLED = (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement)
"""A pooler gives each transaction to another connection of its own, which lacks our statements."""

_OUTDATED = errors.FeatureNotSupported
"""A newer constat has added a column: a statement that the server keeps has other results now."""


class PostgresEngine:
    error = psycopg.Error

    def __init__(self, db: PostgresDatabase, address: PostgresAddress, *, writes: bool) -> None:
        self.db = db
        db.give_up_after(LONGEST_SILENCE)
        self._address, self._writes = address, writes
        self._prepares = True
        self._commits = CommitNumber()
        self.in_doubt = False
        self._fault: str | None = None

    def begin(self, until: float) -> None:
        while True:
            try:
                self._try_begin(until)
            except psycopg.Error as error:
                lost = self.note(error)
                self.rollback()
                if not lost or time.monotonic() >= until:
                    raise
                time.sleep(_TRY_EVERY)
            else:
                return

    def _try_begin(self, until: float) -> None:
        self.in_doubt = False
        left = max(_SHORTEST_WAIT, until - time.monotonic())
        if self.db.raw.closed:
            self._connect(min(left, LOCK_WAIT))
        if self._writes:
            self.db.start_pipeline()
            self.db.begin_writing(int(left * 1000))
        else:
            self.db.begin_reading()

    def _connect(self, timeout: float) -> None:
        self.db = connect(self._address, timeout=timeout)
        self.db.give_up_after(LONGEST_SILENCE)
        if not self._prepares:
            self.db.never_prepare()

    def is_locked(self, error: Exception) -> bool:
        return isinstance(error, errors.LockNotAvailable)

    def note(self, error: Exception) -> bool:
        if isinstance(error, _POOLED):
            self._prepares = False
        if isinstance(error, (*_ENDED, *_READ_ONLY, *_POOLED, _OUTDATED)):
            # After a fail-over the same address leads to another server. The statements that the
            # server keeps for a connection end with it.
            self.db.end()
        of_server = isinstance(error, (psycopg.OperationalError, *_READ_ONLY))
        if of_server and not self.is_locked(error):
            lines = str(error).strip().splitlines() or [type(error).__name__]
            fault = f"{self._address} cannot be used: {lines[0]}"
            if self._fault is None:
                log.error("PostgreSQL cannot be used", extra={"why": fault})
            self._fault = fault
        return bool(self.db.raw.closed) and not self.in_doubt

    def _all_is_well(self) -> None:
        if self._fault:
            log.warning("PostgreSQL can be used again", extra={"database": self._address})
        self._fault = None

    @property
    def in_transaction(self) -> bool:
        return self.db.in_transaction

    def savepoint(self, name: str) -> None:
        self.db.execute(f"savepoint {name}")

    def rollback_to(self, name: str) -> None:
        # After an error the server ignores everything until then.
        with suppress(psycopg.Error):
            self.db.sync()
        self.db.execute(f"rollback to {name}")

    def release(self, name: str) -> None:
        self.db.execute(f"release {name}")
        self.db.sync()

    @property
    def commit_was_skipped(self) -> bool:
        # A commit that was tried ends the transaction, also when it fails.
        return self.in_transaction

    def commit(self) -> None:
        try:
            if self._writes:
                self._commits.add(self.db)
            self.db.commit()
        except psycopg.Error as error:
            if not self.note(error):
                raise
            committed = self._was_committed()
            if not committed:
                self.in_doubt = committed is None
                self.db.end()
                raise
            log.warning(
                "the connection was lost during a commit, which was stored",
                extra={"database": self._address},
            )
        self._all_is_well()

    def rollback(self) -> None:
        try:
            self.db.execute("rollback")
            self.db.end_pipeline()
        except psycopg.Error:
            # After an error the server ignores everything that came in the same packet.
            with suppress(psycopg.Error):
                self.db.end_pipeline()
            with suppress(psycopg.Error):
                if not self.db.raw.closed:
                    self.db.execute("rollback")
        else:
            if not self._writes:
                self._all_is_well()

    def fault(self) -> str | None:
        return self._fault

    def refusal(self) -> str | None:
        return None  # a server whose commits would be lost is refused at the start

    def close(self) -> None:
        if self._writes:
            with suppress(psycopg.Error):  # the row of a lost connection is deleted after a day
                self._commits.forget(self.db)
        self.db.close()

    def _was_committed(self) -> bool | None:
        """Look up what became of the transaction whose commit was not answered.

        :returns: None when the server does not say so in time
        """
        until = time.monotonic() + LOCK_WAIT
        while (left := until - time.monotonic()) > 0:
            try:
                if self.db.raw.closed:
                    self._connect(left)
                return self._commits.is_stored(self.db, wait=int(left * 1000) + 1)
            except psycopg.Error as error:
                log.warning("a commit is looked up again", extra={"why": str(error)})
                self.rollback()
            time.sleep(_TRY_EVERY)
        return None


def open_engines(address: PostgresAddress) -> tuple[PostgresEngine, PostgresEngine]:
    """A connection that writes and one that only reads.

    :raises UnusableDatabaseError: with a sentence for the operator
    """
    writer = PostgresEngine(server.open_database(address), address, writes=True)
    with server.usable(address, "read"):
        return writer, PostgresEngine(connect(address), address, writes=False)
