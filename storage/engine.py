"""What SQLite and PostgreSQL have in common, for every other file of this package.

A statement is written once. docs/architecture.md says what a statement may contain so that both
engines run it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol

LOCK_WAIT = 2.0
"""Seconds for which another process's lock is waited for. Slack waits 3 s for an answer."""


class StorageError(Exception):
    """The database could not be used; the cause says why."""

    outcome: Literal["not_stored", "uncertain"] = "not_stored"
    """Whether the job may be stored nevertheless. It is also a key of the words' `form` and
    `command`."""


class UnusableDatabaseError(StorageError):
    """The database is missing, damaged, read-only, another program's, or a newer constat's."""


class Row(Protocol):
    """A row. A column is read by its name or by its place."""

    def __getitem__(self, column: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Iterable[str]: ...


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def __iter__(self) -> Iterator[Any]: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object: ...


class Database(Protocol):
    """A connection. The one of SQLite is sqlite-utils' own class."""

    @property
    def conn(self) -> Any:
        """The `Connection` behind it. What else it offers depends on the engine."""

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ..., /) -> Cursor: ...
    def close(self) -> None: ...


class Engine(Protocol):
    """A connection with the transactions of one thread."""

    @property
    def db(self) -> Database: ...

    @property
    def error(self) -> type[Exception]:
        """What the engine raises."""

    def begin(self, until: float) -> None:
        """Begin a transaction: a writer's holds the write lock, a reader's sees one moment.

        :param until: when to stop waiting, seconds of the monotonic clock
        """

    def is_locked(self, error: Exception) -> bool:
        """Whether another process held the lock for too long."""

    def note(self, error: Exception) -> bool:
        """Take note of an error in a transaction.

        :returns: whether the connection is gone. Then nothing of the transaction was kept, and the
            next `begin` connects again
        """

    @property
    def in_transaction(self) -> bool: ...

    def savepoint(self, name: str) -> None: ...
    def rollback_to(self, name: str) -> None: ...
    def release(self, name: str) -> None: ...

    def commit(self) -> None:
        """Return when the transaction is stored durably; raise when it is not stored."""

    @property
    def commit_was_skipped(self) -> bool:
        """Whether the last commit raised the error of an earlier statement, whose result was waited
        for together with the commit's. Then the transaction goes on.
        """

    @property
    def in_doubt(self) -> bool:
        """Whether the last commit failed, and may be stored nevertheless."""

    def rollback(self) -> None:
        """End the transaction. It never raises."""

    def fault(self) -> str | None:
        """Why nothing can be stored, in a sentence for the operator; None when all is well."""

    def refusal(self) -> str | None:
        """Why a commit would be lost, in a sentence for the operator; None when it would not."""

    def close(self) -> None: ...


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Run a block in one transaction that holds the write lock. It is all stored or not at all."""
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")
