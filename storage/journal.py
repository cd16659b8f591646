"""What has been reported, read for `constat log`."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Entry:
    """A report as the log shows it. Times are UNIX seconds."""

    number: int
    created_at: float
    who: str
    kind: str
    state: str
    remote_id: str | None
    changed_at: float
    attempts: int


def entries(db: Database) -> Iterator[Entry]:
    """Every report, oldest first."""
    for row in db.execute(
        "select number, created_at, who, kind, state, remote_id, changed_at, attempts"
        " from reports order by number"
    ):
        yield Entry(**dict(row))
