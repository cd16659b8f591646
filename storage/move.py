"""Moves everything from one database to another, of whichever engine each is.

Bots must be stopped. Every table is compared, and the audit trail of the copy is checked. Then the
old database is marked, so that no bot uses it any more: see `storage.moves`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Protocol, cast

from sqlite_utils import Database as SqliteDatabase

from storage import audit, moves, opening
from storage.address import DatabaseAddress
from storage.engine import Database, transaction
from storage.migrations import migrations
from storage.moves import Mark, MoveRefusedError
from storage.sqlite_copy import SqliteCopy

NOT_MOVED = {"back_office", "moves", migrations.migrations_table, "sqlite_sequence"}
PORTION = 2000
"""Rows that are written at a time."""


@dataclass(frozen=True)
class Moved:
    rows: Mapping[str, int]
    """How many, by table."""


class Copy(Protocol):
    """What differs between the engines."""

    def check_unused(self) -> None: ...
    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]: ...
    def without_triggers(self, tables: Sequence[str]) -> Any: ...
    def booleans(self, table: str) -> frozenset[str]: ...
    def set_heads(self, heads: Mapping[str, int]) -> None: ...


@dataclass(frozen=True)
class _Side:
    address: DatabaseAddress
    db: Database
    copy: Copy


def move(source: DatabaseAddress, target: DatabaseAddress) -> Moved:
    """Move everything. When it fails, the source can be used as before.

    :raises MoveRefusedError: when a bot runs, the target holds something, or the copy differs
    :raises UnusableDatabaseError: when a database cannot be read or written
    """
    with _side(source, opening.open_existing) as old:
        old.copy.check_unused()
        if opening.pending_steps(old.db):
            raise MoveRefusedError("an older constat wrote the database: start the bot once")
        is_over = moves.find(old.db) == Mark("to", str(target))
        if not is_over:
            moves.check(old.db, source)
        with _side(target, opening.open_database) as new:
            new.copy.check_unused()
            if not is_over:
                _copy_and_mark(old, new)
            with transaction(new.db):
                moves.remove(new.db)
            rows = {table: _count(new, table) for table in tables()}
    return Moved(rows)


@cache
def tables() -> Mapping[str, Sequence[str]]:
    """The columns of each table. A table comes after those that it refers to."""
    empty = SqliteDatabase(memory=True)
    migrations.apply(empty)
    return {
        table: [row["name"] for row in _columns(empty, table) if not row["hidden"]]
        for table in empty.table_names()
        if table not in NOT_MOVED
    }


def _columns(db: SqliteDatabase, table: str) -> list[dict[str, Any]]:
    return list(db.query(f"pragma table_xinfo({table})"))


@contextmanager
def _side(
    address: DatabaseAddress, open_it: Callable[[DatabaseAddress], Database]
) -> Iterator[_Side]:
    with closing(open_it(address)) as db, opening.usable(address, "moved"):
        yield _Side(address, db, _copy_of(db))


def _copy_of(db: Database) -> Copy:
    if isinstance(db, SqliteDatabase):
        return SqliteCopy(db)
    from storage.postgres.copying import PostgresCopy  # noqa: PLC0415 - an extra

    return PostgresCopy(cast("Any", db))


def _check_empty(side: _Side) -> None:
    """:raises MoveRefusedError: when there is a row in any table"""
    if moves.find(side.db) is None and not any(_count(side, table) for table in tables()):
        return
    raise MoveRefusedError(f"{side.address} is not empty: move into a new database")


def _copy_and_mark(old: _Side, new: _Side) -> None:
    mark = Mark("from", str(old.address))
    is_second_try = moves.find(new.db) == mark
    if not is_second_try:
        _check_empty(new)
    with transaction(old.db):
        with transaction(new.db):
            if is_second_try:
                _empty(new)
            _copy_all(old, new)
            moves.put(new.db, mark)
        moves.put(old.db, Mark("to", str(new.address)))


def _empty(side: _Side) -> None:
    """Delete what a move that was cut off had copied."""
    names = list(tables())
    with side.copy.without_triggers(names):
        for table in reversed(names):
            side.db.execute(f"delete from {table}")  # noqa: S608 - ours
    moves.remove(side.db)


def _count(side: _Side, table: str) -> int:
    return int(side.db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 - ours


def _copy_all(old: _Side, new: _Side) -> None:
    names = list(tables())
    with old.copy.without_triggers([]), new.copy.without_triggers(names):
        for table in names:
            _copy_table(old, new, table)
        heads = dict(old.db.execute("select name, last from heads").fetchall())
        new.copy.set_heads(heads)
        for table in names:
            if _fingerprint(old, table) != _fingerprint(new, table):
                raise MoveRefusedError(f"the copy of the table {table} differs")
        if fault := next(audit.faults(new.db), None):
            raise MoveRefusedError(f"the audit trail does not fit: {fault}")


def _copy_table(old: _Side, new: _Side, table: str) -> None:
    columns = tables()[table]
    booleans = [place for place, name in enumerate(columns) if name in new.copy.booleans(table)]
    rows = old.copy.rows(table, columns)
    marks = ", ".join("?" for _ in columns)
    sql = f"insert into {table} ({', '.join(columns)}) values ({marks})"  # noqa: S608 - ours
    while portion := [_typed(row, booleans) for row in islice(rows, PORTION)]:
        new.db.conn.executemany(sql, portion)


def _typed(row: Sequence[Any], booleans: Sequence[int]) -> list[Any]:
    values = list(row)
    for place in booleans:
        values[place] = None if values[place] is None else bool(values[place])
    return values


def _fingerprint(side: _Side, table: str) -> tuple[int, int]:
    """The number of rows, and a sum of their hashes: the engines order rows differently."""
    count = total = 0
    for row in side.copy.rows(table, tables()[table]):
        plain = [int(value) if isinstance(value, bool) else value for value in row]
        total += int.from_bytes(hashlib.sha256(repr(plain).encode()).digest())
        count += 1
    return count, total % 2**256
