"""Statements that are sent together: the server gets several in one packet.

A cursor of psycopg sends each statement by itself, which costs a system call and wakes the server.
Here statements wait in libpq until a result is read. psycopg converts the values, in C.
"""

import select
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.rows import RowMaker

from storage.postgres.dialect import Statement

KEPT_BACK = 4000
"""Bytes of values. libpq sends some of what it holds when it holds 8 kB. Then the server begins to
work, and it would wait for the rest without a limit of time."""
PREPARED = 400
"""Statements that the server keeps for a connection at most."""
_TAKEN = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)

Key = tuple[bytes, tuple[int, ...]]
"""A prepared statement's text, and the types of its values."""


class Result:
    """The result of a statement. It may not have arrived yet."""

    __slots__ = ("content", "error")

    def __init__(self) -> None:
        self.content: Any = None
        """A PGresult; None before it has arrived, or when the statement failed."""
        self.error: psycopg.Error | None = None
        """Why the statement, or one before it, failed."""


class Pipeline:
    """The statements of one connection, which one thread uses."""

    def __init__(self, conn: psycopg.Connection[Any], rows: Callable[[Any], RowMaker[Any]]) -> None:
        """:param rows: makes the maker of the rows of a PGresult"""
        self._pgconn, self._rows = conn.pgconn, rows
        self._transformer = Transformer(conn)
        self._encoding = conn.info.encoding
        self._names: dict[Key, bytes] = {}
        self._made = 0
        """Counts the names, so that none is given twice."""
        self._expected: deque[Result | Key | None] = deque()
        """What the server has still to answer: a statement, the preparation of one, or a
        synchronisation (None)."""
        self._error: psycopg.Error | None = None
        """The first error since the last synchronisation. The server ignores all that follows."""
        self._size = 0
        """Bytes of the values that were given to libpq since the last synchronisation."""
        self._in_transaction = False
        """Whether the connection was in a transaction at the last synchronisation. Outside of one,
        a synchronisation commits."""
        self._readable, self._both = select.poll(), select.poll()
        self._readable.register(self._pgconn.socket, select.POLLIN)
        self._both.register(self._pgconn.socket, select.POLLIN | select.POLLOUT)
        self.prepares = True
        """Whether the server keeps statements."""
        self.longest_silence: float | None = None
        """Seconds after which a server that sends nothing is given up; None for never."""

    @property
    def is_open(self) -> bool:
        return self._pgconn.pipeline_status != pq.PipelineStatus.OFF

    def open(self) -> None:
        if not self.is_open:
            self._pgconn.enter_pipeline_mode()

    def close(self) -> None:
        """Wait for all results, and leave the connection to psycopg's cursors.

        :raises psycopg.Error: the first error of a statement
        """
        if not self.is_open:
            return
        try:
            self.sync()
        finally:
            with suppress(psycopg.Error):  # the connection is lost
                self._pgconn.exit_pipeline_mode()

    def send(self, statement: Statement, parameters: Sequence[Any] | Mapping[str, Any]) -> Result:
        """Send a statement soon. It is sent when a result is asked for, or at `sync`."""
        values = self._values(statement, parameters)
        transformer = self._transformer
        content = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = transformer.types or (), transformer.formats
        if self.prepares and statement.is_query:
            name = self._name(statement.text, tuple(types))
            self._pgconn.send_query_prepared(name, content, formats)
        else:
            self._pgconn.send_query_params(statement.text, content, types, formats)
        result = Result()
        self._expected.append(result)
        self._size += sum(len(value) for value in content if value is not None)
        if self._size > KEPT_BACK and self._in_transaction:
            self._ask_to_sync()
        return result

    def wait_for(self, result: Result) -> Any:
        """The PGresult of a statement.

        :raises psycopg.Error: the first error of this or an earlier statement
        """
        if result.content is None and result.error is None:
            # Not by a flush: the server ends an idle transaction only after a synchronisation.
            self.sync()
        if result.error is not None:
            raise result.error
        return result.content

    def rows_of(self, result: Result) -> list[Any]:
        """The rows of a result, which is waited for.

        :raises psycopg.Error: as of `wait_for`, or when the statement has no rows
        """
        content = self.wait_for(result)
        if content.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.ProgrammingError("the statement has no rows")
        self._transformer.set_pgresult(content)
        return self._transformer.load_rows(0, content.ntuples, self._rows(content))

    def sync(self) -> None:
        """Wait for all results. After that the server takes statements again.

        :raises psycopg.Error: the first error of a statement
        """
        self._ask_to_sync()
        self._flush()
        while self._expected:
            self._receive_next()
        self._in_transaction = self._pgconn.transaction_status == pq.TransactionStatus.INTRANS
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _ask_to_sync(self) -> None:
        self._pgconn.pipeline_sync()
        self._expected.append(None)
        self._size = 0

    def _values(
        self, statement: Statement, parameters: Sequence[Any] | Mapping[str, Any]
    ) -> Sequence[Any]:
        if isinstance(parameters, Mapping):
            return [parameters[name] for name in statement.names]
        if len(parameters) != len(statement.names):
            raise psycopg.ProgrammingError(
                f"the statement takes {len(statement.names)} values, not {len(parameters)}"
            )
        return parameters

    def _name(self, text: bytes, types: tuple[int, ...]) -> bytes:
        key = (text, types)
        name = self._names.get(key)
        if name is None:
            if len(self._names) >= PREPARED:
                self._names.clear()
                self._pgconn.send_query_params(b"deallocate all", None)
                self._expected.append(Result())
            self._made += 1
            name = self._names[key] = b"constat_%d" % self._made
            self._pgconn.send_prepare(name, text, types)
            self._expected.append(key)
        return name

    def _receive_next(self) -> None:
        """Receive the answer to the statement that was sent first."""
        expected = self._expected.popleft()
        content = self._receive()
        if expected is None:
            return
        if content is None or content.status not in _TAKEN:
            self._failed(expected, content)
        elif isinstance(expected, Result):
            expected.content = content
        if content is not None:
            self._receive()  # the end of the statement's answer

    def _failed(self, expected: Result | Key, content: Any) -> None:
        if self._error is None:
            if content is None:
                self._error = psycopg.OperationalError("the connection is lost")
            else:
                self._error = errors.error_from_result(content, self._encoding)
        if isinstance(expected, Result):
            expected.error = self._error
        else:
            self._names.pop(expected, None)

    def _receive(self) -> Any:
        pgconn = self._pgconn
        while pgconn.is_busy():
            self._wait(self._readable)
            pgconn.consume_input()
        return pgconn.get_result()

    def _flush(self) -> None:
        while self._pgconn.flush():
            # The server may wait until its answers are read.
            self._wait(self._both)
            self._pgconn.consume_input()

    def _wait(self, poll: select.poll) -> None:
        silence = self.longest_silence
        if not poll.poll(None if silence is None else silence * 1000):
            self._pgconn.finish()
            raise psycopg.OperationalError("the server does not answer")
