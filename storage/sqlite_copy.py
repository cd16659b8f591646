"""What a move needs of a SQLite file beyond the statements that both engines run."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from storage.moves import MoveRefusedError


class SqliteCopy:
    def __init__(self, db: Database) -> None:
        self._db = db

    def check_unused(self) -> None:
        """:raises MoveRefusedError: when another process has the file open"""
        try:
            self._db.conn.execute("pragma journal_mode = delete")
        except sqlite3.OperationalError as error:
            raise MoveRefusedError(f"stop the bot first: {error}") from error

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        sql = f"select {', '.join(columns)} from {table}"  # noqa: S608 - names of ours
        for row in self._db.execute(sql):
            yield tuple(row)

    @contextmanager
    def without_triggers(self, tables: Iterable[str]) -> Iterator[None]:  # noqa: ARG002 - the file has these
        triggers = list(
            self._db.execute("select name, sql from sqlite_master where type = 'trigger'")
        )
        for name, _ in triggers:
            self._db.execute(f"drop trigger {name}")
        yield
        for _, sql in triggers:
            self._db.execute(sql)

    def booleans(self, table: str) -> frozenset[str]:  # noqa: ARG002 - SQLite has none
        return frozenset()

    def set_heads(self, heads: Mapping[str, int]) -> None:
        """Set the highest numbers ever given, by table."""
        for name, last in heads.items():
            self._db.execute("delete from sqlite_sequence where name = ?", [name])
            self._db.execute("insert into sqlite_sequence (name, seq) values (?, ?)", [name, last])
