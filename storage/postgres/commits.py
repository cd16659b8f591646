"""The last commit of each connection that writes: a row that is part of the commit itself.

A connection that is lost during a commit leaves open whether it was stored. PostgreSQL's own answer
(`pg_xact_status`) cannot be used after a crash: the server gives an id that it had not written yet
to the next transaction, and then answers for that one.
"""

import secrets

from storage.engine import Database
from storage.postgres.database import PostgresDatabase

KEPT = "1 day"
"""A row that was not changed for so long is of a process that was killed."""
TABLE = """
create table if not exists commits (
    connection text primary key,
    number bigint not null,
    at timestamptz not null
)
"""
# A transaction that has written nothing has no id. It needs no row, and does not wait for the disk.
_SET = """
insert into commits (connection, number, at)
select ?, ?, now() where pg_current_xact_id_if_assigned() is not null
on conflict (connection) do update set number = excluded.number, at = excluded.at
"""


class CommitNumber:
    """The number of the last commit of one connection, which is the same after a reconnect."""

    def __init__(self) -> None:
        self._connection = secrets.token_hex(8)
        self._number = 0

    def add(self, db: PostgresDatabase) -> None:
        """Number the transaction that is about to be committed."""
        self._number += 1
        db.execute(_SET, [self._connection, self._number])

    def is_stored(self, db: PostgresDatabase, *, wait: int) -> bool:
        """Whether the transaction that was numbered last is stored.

        The answer is final: the transaction held the lock, so it has ended when the lock is free.

        :param wait: milliseconds for which the lock is waited for
        :raises psycopg.Error: when the server does not answer, or the lock is held for longer
        """
        db.begin_writing(wait)
        row = db.execute(
            "select number from commits where connection = ?", [self._connection]
        ).fetchone()
        db.execute("rollback")
        return row is not None and row["number"] == self._number

    def forget(self, db: PostgresDatabase) -> None:
        """Delete the row of a connection that is about to be closed."""
        db.execute("delete from commits where connection = ?", [self._connection])


def delete_old(db: Database) -> None:
    db.execute(f"delete from commits where at < now() - interval '{KEPT}'")  # noqa: S608 - ours
