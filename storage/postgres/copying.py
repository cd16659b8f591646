"""What a move needs of a PostgreSQL database beyond the statements that both engines run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from storage.moves import MoveRefusedError
from storage.postgres.database import PostgresDatabase
from storage.postgres.dialect import translated

PORTION = 2000
"""Rows that are read at a time."""


class PostgresCopy:
    def __init__(self, db: PostgresDatabase) -> None:
        self._db = db

    def check_unused(self) -> None:
        """:raises MoveRefusedError: when a bot or a command is connected"""
        others = self._db.execute(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and application_name = 'constat' and pid <> pg_backend_pid()"
        ).fetchone()[0]
        if others:
            raise MoveRefusedError(f"stop every bot first: {others} connections of constat")

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        sql = f"select {', '.join(columns)} from {table}"  # noqa: S608 - names of ours
        with self._db.raw.cursor("rows") as cursor:
            cursor.itersize = PORTION
            cursor.execute(translated(sql).text)
            yield from cursor

    @contextmanager
    def without_triggers(self, tables: Iterable[str]) -> Iterator[None]:
        names = list(tables)
        # A long move is no transaction that stands still.
        for setting in ("idle_in_transaction_session_timeout", "statement_timeout"):
            self._db.execute(f"set local {setting} = 0")
        for name in names:
            self._db.raw.execute(f"alter table {name} disable trigger user")
        yield
        for name in names:
            self._db.raw.execute(f"alter table {name} enable trigger user")

    def booleans(self, table: str) -> frozenset[str]:
        """The columns that take truth values, where a file has 0 and 1."""
        rows = self._db.execute(
            "select column_name from information_schema.columns where table_name = ?"
            " and table_schema = current_schema() and data_type = 'boolean'",
            [table],
        )
        return frozenset(row[0] for row in rows)

    def set_heads(self, heads: Mapping[str, int]) -> None:
        """Set the highest numbers ever given, by table, and let all other ids go on."""
        for name, last in heads.items():
            self._db.execute(
                "insert into heads (name, last) values (?, ?)"
                " on conflict (name) do update set last = excluded.last",
                [name, last],
            )
        identities = self._db.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = current_schema() and is_identity = 'YES'"
        ).fetchall()
        for table, column in identities:
            self._db.execute(
                f"select setval(pg_get_serial_sequence(?, ?), max({column})) from {table}"  # noqa: S608 - ours
                f" having max({column}) is not null",
                [table, column],
            )
