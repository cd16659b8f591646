"""The back office: the one process that works on what is stored. The others only take forms.

A lease names the process. It ends by the clock of the database, so that machines whose clocks
differ agree on it. A file of SQLite has one process, which needs no lease.
"""

from collections.abc import Callable
from dataclasses import dataclass

from storage.engine import Database

# PostgreSQL has a function of this name: storage/postgres/functions.py.
_NOW = "(julianday('now') - 2440587.5) * 86400.0"
_ROW = "back office"


@dataclass(frozen=True)
class Lease:
    owner: str
    left: float
    """Seconds until it ends, unless its owner renews it; 0 or less when it has ended."""


def find(db: Database) -> Lease | None:
    """The lease as it is now; None when no process has one."""
    row = db.execute(
        f"select owner, until - {_NOW} as seconds from back_office where name = ?",  # noqa: S608 - ours
        [_ROW],
    ).fetchone()
    return Lease(row["owner"], row["seconds"]) if row else None


def take(db: Database, owner: str, *, lease: float, is_dead: Callable[[str], bool]) -> Lease:
    """Take the lease, or renew it, unless it is another process's.

    :param lease: seconds
    :param is_dead: whether an owner is known to have ended, although its lease has not
    :returns: the lease that counts now
    """
    found = find(db)
    if found and found.owner != owner and found.left > 0 and not is_dead(found.owner):
        return found
    db.execute(
        f"insert into back_office (name, owner, until) values (?, ?, {_NOW} + ?)"  # noqa: S608 - ours
        " on conflict (name) do update set owner = excluded.owner, until = excluded.until",
        [_ROW, owner, lease],
    )
    return Lease(owner, lease)


def leave(db: Database, owner: str) -> None:
    """Give the lease up, so that another process need not wait for its end."""
    db.execute("delete from back_office where name = ? and owner = ?", [_ROW, owner])
