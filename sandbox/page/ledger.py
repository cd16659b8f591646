"""The rows that changed in the bot's database, seen by a connection that can only read."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sandbox.page.bell import Bell

KEPT = 200
"""Changes; older ones are forgotten."""
EVERY = 0.15
"""Seconds between two looks at the file."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """`columns` are those of a new or a removed row, or only the ones that changed."""

    number: int
    at: float
    table: str
    key: str
    what: Literal["added", "changed", "removed"]
    columns: Row


class Ledger:
    """What happened to the rows since `watch` began."""

    def __init__(self, path: Path, bell: Bell, clock: Callable[[], float]) -> None:
        self.changes: deque[Change] = deque(maxlen=KEPT)
        self._path = path
        self._bell = bell
        self._clock = clock
        self._known: dict[tuple[str, str], Row] = {}
        self._count = 0

    async def watch(self) -> None:
        """For ever. A file that is not there yet is waited for."""
        while not self._path.exists():  # noqa: ASYNC110 - a file rings no bell
            await asyncio.sleep(EVERY)
        uri = f"{self._path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            seen = -1
            while True:
                version = int(db.execute("pragma data_version").fetchone()[0])
                if version != seen:
                    seen = version
                    self.compare(_rows(db))
                await asyncio.sleep(EVERY)

    def compare(self, rows: dict[tuple[str, str], Row]) -> None:
        """Notes what is different from the rows of the last time."""
        before, self._known = self._known, rows
        for (table, key), row in rows.items():
            old = before.get((table, key))
            if old is None:
                self._note(table, key, "added", row)
            elif old != row:
                changed = {name: one for name, one in row.items() if old.get(name) != one}
                self._note(table, key, "changed", changed)
        for table, key in before.keys() - rows.keys():
            self._note(table, key, "removed", before[table, key])

    def _note(
        self, table: str, key: str, what: Literal["added", "changed", "removed"], columns: Row
    ) -> None:
        self._count += 1
        self.changes.append(Change(self._count, self._clock(), table, key, what, columns))
        self._bell.ring()


def _rows(db: sqlite3.Connection) -> dict[tuple[str, str], Row]:
    """Every row of every table of the bot, by table and key."""
    found: dict[tuple[str, str], Row] = {}
    tables = db.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        if table.startswith(("sqlite_", "_")):
            continue
        columns = db.execute(f"pragma table_info([{table}])").fetchall()
        keys = [one["name"] for one in columns if one["pk"]]
        for row in db.execute(f"select * from [{table}]"):  # noqa: S608 - the file's own names
            shown = dict(row)
            found[table, " ".join(str(shown[name]) for name in keys)] = shown
    return found
