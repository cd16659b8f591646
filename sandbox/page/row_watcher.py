"""The rows that changed in the bot's database, seen by a read-only connection."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sandbox.page.change_event import ChangeEvent

KEPT = 200
"""The number of changes kept; the oldest are dropped."""
INTERVAL = 0.15
"""Seconds between two looks at the file."""
Row = dict[str, Any]
Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class RowChange:
    """`columns` are all columns of an added or removed row, or those that changed."""

    number: int
    at: float
    table: str
    key: str
    kind: Kind
    columns: Row


class RowWatcher:
    """The last changes since `watch` began."""

    def __init__(self, path: Path, changes: ChangeEvent, clock: Callable[[], float]) -> None:
        self.changes: deque[RowChange] = deque(maxlen=KEPT)
        self._path = path
        self._change_event = changes
        self._clock = clock
        self._rows: dict[tuple[str, str], Row] = {}
        self._count = 0

    async def watch(self) -> None:
        """Watch until cancelled, from when the file exists."""
        while not self._path.exists():  # noqa: ASYNC110 - no event announces a file
            await asyncio.sleep(INTERVAL)
        uri = f"{self._path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            last_version = -1
            while True:
                version = int(db.execute("pragma data_version").fetchone()[0])
                if version != last_version:
                    last_version = version
                    self.compare(_rows(db))
                await asyncio.sleep(INTERVAL)

    def compare(self, rows: dict[tuple[str, str], Row]) -> None:
        """Record the differences from the rows of the last comparison."""
        before, self._rows = self._rows, rows
        for (table, key), row in rows.items():
            old = before.get((table, key))
            if old is None:
                self._record(table, key, "added", row)
            elif old != row:
                columns = {name: value for name, value in row.items() if old.get(name) != value}
                self._record(table, key, "changed", columns)
        for table, key in before.keys() - rows.keys():
            self._record(table, key, "removed", before[table, key])

    def _record(self, table: str, key: str, kind: Kind, columns: Row) -> None:
        self._count += 1
        self.changes.append(RowChange(self._count, self._clock(), table, key, kind, columns))
        self._change_event.notify()


def _rows(db: sqlite3.Connection) -> dict[tuple[str, str], Row]:
    """Every row of every table of the bot, by table and key."""
    rows: dict[tuple[str, str], Row] = {}
    tables = db.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        if table.startswith(("sqlite_", "_")):
            continue
        columns = db.execute(f"pragma table_info([{table}])").fetchall()
        keys = [column["name"] for column in columns if column["pk"]]
        for record in db.execute(f"select * from [{table}]"):  # noqa: S608 - the file's own names
            row = dict(record)
            rows[table, " ".join(str(row[name]) for name in keys)] = row
    return rows
