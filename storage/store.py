"""The bot's access to its database: one connection writes, another only reads.

The event loop never waits for the disk: it awaits `Store.read` or `Store.write`. A job is a
function of this package whose first parameter is the database.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from storage import moves
from storage.address import DatabaseAddress, PostgresAddress
from storage.engine import Database
from storage.jobs import StoreClosedError, UncertainError
from storage.news import open_news
from storage.opening import open_engines
from storage.reader import NotReadError, Reader
from storage.writer import ANSWERS_WITHIN, GIVES_WAY, NotStoredError, Writer

__all__ = ["NotReadError", "NotStoredError", "Store", "StoreClosedError", "UncertainError"]

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Open it once. `close` does the jobs that were asked for, then closes the database."""

    def __init__(
        self,
        address: DatabaseAddress,
        *,
        gives_way: float = GIVES_WAY,
        answers_within: float = ANSWERS_WITHIN,
    ) -> None:
        """:raises UnusableDatabaseError: when the database cannot be used"""
        writer, reader = open_engines(address)
        try:
            moves.check(writer.db, address)
        except BaseException:
            reader.close()
            writer.close()
            raise
        self._writer = Writer(writer, gives_way=gives_way, answers_within=answers_within)
        self._reader = Reader(reader)
        self.news = open_news(address)
        self.is_shared = isinstance(address, PostgresAddress)
        """Whether other processes may work with the same database."""

    async def read(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query. It takes no write lock, runs beside writes, and sees every awaited write.

        :raises NotReadError: when the database cannot be read
        """
        return await self._reader.run(lambda db: work(db, *args, **kwargs))

    async def write(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a background job, and return its result after the commit.

        The job is done whole or not at all. It waits behind urgent jobs, and it shares their
        transaction only after it has waited for `GIVES_WAY`.
        The job may run twice, because a batch is run again when one of its jobs fails: it must
        have no effect but its SQL.

        :raises NotStoredError: when nothing of it was committed
        """
        return await self._writer.run(lambda db: work(db, *args, **kwargs))

    async def write_urgent(
        self, work: Callable[Concatenate[Database, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write` for a job whose result a person in Slack waits for: background jobs wait.

        :raises NotStoredError: when nothing of it was committed, and nothing will be
        :raises UncertainError: when the database did not say so within `ANSWERS_WITHIN`
        """
        return await self._writer.run(lambda db: work(db, *args, **kwargs), urgent=True)

    async def write_in_pieces(
        self, work: Callable[Concatenate[Database, P], bool], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run a background job that changes a part of many rows, until it returns False.

        Each part is committed by itself, so that urgent jobs come between two parts.

        :raises NotStoredError: when a part was not committed; the parts before it stay
        """
        while await self.write(work, *args, **kwargs):
            pass

    def fault(self) -> str | None:
        """Why nothing can be stored, in a sentence for the operator; None when all is well."""
        return self._writer.fault()

    def close(self) -> None:
        self.news.close()
        # The last connection copies the write-ahead log into the database, and only one that may
        # write can do so.
        self._reader.close()
        self._writer.close()
