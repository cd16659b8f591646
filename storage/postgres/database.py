"""A connection to PostgreSQL that is used like sqlite-utils' class."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any

import psycopg
from psycopg import pq
from psycopg.rows import RowMaker

from storage.postgres.dialect import translated

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
    set_config('synchronous_commit', ?, true)
"""
_LOCK = f"select pg_advisory_xact_lock({LOCK}), pg_current_xact_id()::text"


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


def _rows(cursor: psycopg.Cursor[Any]) -> RowMaker[Row]:
    """A row class for each list of columns: a row holds nothing but its values."""
    result = cursor.pgresult
    count = result.nfields if result else 0
    # The cursor's own description of its columns takes four times as long.
    names = tuple(result.fname(place) for place in range(count)) if result else ()
    found = _CLASSES.get(names)
    if found is None:
        places = {(name or b"").decode(): place for place, name in enumerate(names)}
        found = type("Row", (Row,), {"__slots__": (), "places": places})
        _CLASSES[names] = found
    return found


class PostgresCursor:
    """The result of a statement. In a pipeline it arrives when it is asked for."""

    __slots__ = ("_cursor", "_sync")

    def __init__(self, cursor: psycopg.Cursor[Row], sync: Callable[[], None]) -> None:
        self._cursor, self._sync = cursor, sync

    @property
    def rowcount(self) -> int:
        self._sync()
        return self._cursor.rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()


class PostgresDatabase:
    """A connection in autocommit: transactions are begun and ended by statements."""

    def __init__(self, conn: psycopg.Connection[Any], *, durable: bool = True) -> None:
        """:param durable: whether a commit waits for the disk"""
        self._conn = conn
        self._commit_mode = "on" if durable else "off"
        self._pipeline: psycopg.Pipeline | None = None
        self._open_pipeline: AbstractContextManager[psycopg.Pipeline] | None = None

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

    def execute(
        self, sql: str, parameters: Sequence[Any] | dict[str, Any] = (), /
    ) -> PostgresCursor:
        if sql == "begin immediate":
            self.begin_writing(60_000)
            return PostgresCursor(self._run("select 1", ()), self.sync)
        return PostgresCursor(self._run(translated(sql), parameters), self.sync)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(translated(sql), list(parameters))

    def begin_writing(self, wait: int) -> str:
        """Begin a transaction that holds the write lock.

        :param wait: milliseconds for which another process's lock is waited for
        :returns: the transaction's id, by which the server can be asked what became of it
        """
        self._run("begin", ())
        self._run(translated(_SETTINGS), [str(wait), self._commit_mode])
        row = self._run(_LOCK, ()).fetchone()
        assert row is not None  # noqa: S101 - a select without a table has one row
        return str(row[1])

    def start_pipeline(self) -> None:
        """From now on a statement is sent without waiting for the result of the one before."""
        if self._pipeline is None:
            self._open_pipeline = self._conn.pipeline()
            self._pipeline = self._open_pipeline.__enter__()

    def end_pipeline(self) -> None:
        """Wait for all results; raise the first error."""
        pipeline, self._pipeline, self._open_pipeline = self._open_pipeline, None, None
        if pipeline is not None:
            pipeline.__exit__(None, None, None)

    def sync(self) -> None:
        """Wait for the results of all statements."""
        if self._pipeline is not None:
            self._pipeline.sync()

    def end(self) -> None:
        """Leave a connection that is of no use any more."""
        with suppress(psycopg.Error):
            self.end_pipeline()
        self.close()

    def close(self) -> None:
        self._conn.close()

    def _run(self, query: str, parameters: Any) -> psycopg.Cursor[Row]:
        cursor: psycopg.Cursor[Row] = self._conn.cursor(row_factory=_rows)
        return cursor.execute(query, parameters)
