"""Numbers for a monitor. No query reads more rows than it returns, but for the receipts' index."""

import math
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database


@dataclass(frozen=True)
class Gauges:
    """The file at one moment."""

    reports: Mapping[tuple[str, str], int]
    """How many reports there are, by kind and state."""
    oldest_unsent: Mapping[str, float | None]
    """By API: when the oldest report that it does not have was stored, UNIX seconds; None when
    there is none. Refused reports, and those that may have arrived, do not count."""
    receipts_waiting: int
    """Receipts whose message in Slack does not show the report's newest state."""
    file_bytes: Mapping[str, int]
    """The sizes of the `database` and of its write-ahead `log`."""
    disk_free_bytes: int
    """What is left on the disk of the database, for a user without special rights."""


def read_gauges(db: Database, apis: Collection[str]) -> Gauges:
    """:param apis: whose oldest unsent report is looked for"""
    counts = db.execute("select kind, state, reports from report_counts").fetchall()
    [waiting] = db.execute("select count(*) from receipts where posted < version").fetchone()
    path = _path(db)
    return Gauges(
        reports={(row["kind"], row["state"]): row["reports"] for row in counts},
        oldest_unsent={api: _oldest_unsent(db, api) for api in apis},
        receipts_waiting=int(waiting),
        file_bytes={"database": _size(path), "log": _size(Path(f"{path}-wal"))},
        disk_free_bytes=shutil.disk_usage(path.parent).free,
    )


# Numbers follow the order in which reports were stored. The lowest number of a state is the first
# entry of an index; the oldest time would take a look at every row. Few reports are being sent: the
# plus makes SQLite use the index of those, instead of looking for the first one among all reports.
_OLDEST = """
select created_at from reports where number in (
    (select min(number) from reports where state = 'waiting' and api = :api),
    (select min(number) from reports where state = 'held' and api = :api),
    (select min(+number) from reports where state = 'sending' and api = :api)
) order by number limit 1
"""


def _oldest_unsent(db: Database, api: str) -> float | None:
    row = db.execute(_OLDEST, {"api": api}).fetchone()
    return None if row is None or not math.isfinite(row[0]) else float(row[0])


def _path(db: Database) -> Path:
    databases = db.execute("pragma database_list")
    return Path(next(row["file"] for row in databases if row["name"] == "main"))


def _size(path: Path) -> int:
    """0 for a file that is not there: SQLite makes and deletes the write-ahead log."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
