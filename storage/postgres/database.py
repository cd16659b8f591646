"""A connection to PostgreSQL that is used like sqlite-utils' class."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import pq

from storage.postgres.dialect import translated
from storage.postgres.pipeline import Pipeline, Result

LOCK = 0x636F6E73746174
"""The key of the advisory lock that a writing transaction holds."""
STALL = 2.0
"""Seconds for which a transaction may do nothing. The server ends one of a stopped process, so that
the others can write."""
LONGEST_STATEMENT = 30.0
"""Seconds."""
# They count for one transaction only, because a pooler may give the next one to another process.
_SETTINGS = f"""
select set_config('lock_timeout', ? || 'ms', true),
    set_config('idle_in_transaction_session_timeout', '{int(STALL * 1000)}ms', true),
    set_config('statement_timeout', '{int(LONGEST_STATEMENT * 1000)}ms', true),
    set_config('synchronous_commit', ?, true),
    set_config('tcp_keepalives_idle', '5', true), set_config('tcp_keepalives_interval', '2', true),
    set_config('tcp_keepalives_count', '3', true), set_config('tcp_user_timeout', '10000', true)
"""
"""A machine that loses its power while it sends a statement never sends the rest. The server's
kernel finds that out in 11 seconds."""
_LOCK = f"select pg_advisory_xact_lock({LOCK})"


class Row(tuple[Any, ...]):
    """A row whose columns are read by name or by place, as sqlite3's."""

    __slots__ = ()
    places: Mapping[str, int] = {}

    def __getitem__(self, column: Any) -> Any:
        if column.__class__ is str:
            return tuple.__getitem__(self, self.places[column])
        return tuple.__getitem__(self, column)

    def keys(self) -> Iterable[str]:
        return self.places.keys()


_CLASSES: dict[tuple[bytes | None, ...], type[Row]] = {}


def _rows(result: Any) -> type[Row]:
    """A row class for each list of columns: a row holds nothing but its values."""
    names = tuple(result.fname(place) for place in range(result.nfields))
    found = _CLASSES.get(names)
    if found is None:
        places = {(name or b"").decode(): place for place, name in enumerate(names)}
        found = type("Row", (Row,), {"__slots__": (), "places": places})
        _CLASSES[names] = found
    return found


class PostgresCursor:
    """The result of a statement. In a pipeline it arrives when it is asked for."""

    __slots__ = ("_pipeline", "_result", "_rows")

    def __init__(self, pipeline: Pipeline, result: Result) -> None:
        self._pipeline, self._result = pipeline, result
        self._rows: Iterator[Any] | None = None

    @property
    def rowcount(self) -> int:
        return self._pipeline.wait_for(self._result).command_tuples or 0

    @property
    def tag(self) -> str:
        """What the server calls the statement that it ran."""
        return str((self._pipeline.wait_for(self._result).command_status or b"").decode())

    def __iter__(self) -> Iterator[Any]:
        if self._rows is None:
            self._rows = iter(self._pipeline.rows_of(self._result))
        return self._rows

    def fetchone(self) -> Any:
        return next(iter(self), None)

    def fetchall(self) -> list[Any]:
        return list(self)


class PostgresDatabase:
    """A connection in autocommit: transactions are begun and ended by statements."""

    def __init__(self, conn: psycopg.Connection[Any], *, durable: bool = True) -> None:
        """:param durable: whether a commit waits for the disk"""
        self._conn = conn
        self._commit_mode = "on" if durable else "off"
        self._pipeline = Pipeline(conn, _rows)
        self._waits = True
        """Whether each statement waits for its result."""

    @property
    def conn(self) -> "PostgresDatabase":
        return self

    @property
    def raw(self) -> psycopg.Connection[Any]:
        return self._conn

    @property
    def in_transaction(self) -> bool:
        """Whether there is a transaction, also one that only waits for its end after an error."""
        status = self._conn.info.transaction_status
        return status not in {pq.TransactionStatus.IDLE, pq.TransactionStatus.UNKNOWN}

    def never_prepare(self) -> None:
        """Let the server keep no statement."""
        self._pipeline.prepares = False

    def give_up_after(self, silence: float) -> None:
        """Close the connection when the server has sent nothing for so many seconds."""
        self._pipeline.longest_silence = silence

    def execute(
        self, sql: str, parameters: Sequence[Any] | dict[str, Any] = (), /
    ) -> PostgresCursor:
        if sql == "begin immediate":
            self.begin_writing(60_000)
            return self._run("select 1", ())
        return self._run(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        statement = translated(sql)
        with self._opened():
            for values in parameters:
                self._pipeline.send(statement, values)

    def begin_writing(self, wait: int) -> None:
        """Begin a transaction that holds the write lock.

        :param wait: milliseconds for which another process's lock is waited for
        """
        with self._opened():
            self._pipeline.send(translated("begin immediate"), ())
            values = [str(wait), self._commit_mode]
            self._pipeline.send(translated(_SETTINGS), values)
            self._pipeline.wait_for(self._pipeline.send(translated(_LOCK), ()))

    def begin_reading(self) -> None:
        """Begin a transaction that sees one moment. It is sent with its first statement."""
        self.start_pipeline()
        self._run("begin", ())

    def start_pipeline(self) -> None:
        """From now on a statement is sent without waiting for the result of the one before."""
        self._pipeline.open()
        self._waits = False

    def end_pipeline(self) -> None:
        """Wait for all results; raise the first error."""
        self._waits = True
        self._pipeline.close()

    def commit(self) -> None:
        """Wait for the results of all statements, and for the commit. After the error of a
        statement the server skips the commit.

        :raises psycopg.Error: the first error
        """
        status = self.execute("commit")
        self.end_pipeline()
        if status.tag != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("the transaction was rolled back")

    def sync(self) -> None:
        """Wait for the results of all statements."""
        if not self._waits:
            self._pipeline.sync()

    def end(self) -> None:
        """Leave a connection that is of no use any more."""
        with suppress(psycopg.Error):
            self.end_pipeline()
        self.close()

    def close(self) -> None:
        self._conn.close()

    def _run(self, sql: str, parameters: Sequence[Any] | dict[str, Any]) -> PostgresCursor:
        with self._opened():
            return PostgresCursor(self._pipeline, self._pipeline.send(translated(sql), parameters))

    @contextmanager
    def _opened(self) -> Iterator[None]:
        """Send statements, and wait for their results unless a pipeline was started."""
        if not self._waits:
            yield
            return
        self._pipeline.open()
        try:
            yield
        finally:
            self._pipeline.close()
