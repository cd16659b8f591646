"""The mark of a database that must not be used, because everything was moved elsewhere.

A move marks the new database first, then the old one, and takes the first mark away at last. So two
databases can never both be used.
"""

from dataclasses import dataclass
from typing import Literal

from storage.address import DatabaseAddress
from storage.engine import Database, StorageError, UnusableDatabaseError


class MoveRefusedError(StorageError):
    """Nothing was moved, and the old database can be used as before."""


@dataclass(frozen=True)
class Mark:
    kind: Literal["to", "from"]
    """`to`: everything was moved from here. `from`: a move to here is not finished."""
    address: str
    """The other database, without a password."""


def find(db: Database) -> Mark | None:
    row = db.execute("select kind, address from moves").fetchone()
    return Mark(row["kind"], row["address"]) if row else None


def put(db: Database, mark: Mark) -> None:
    db.execute("insert into moves (kind, address) values (?, ?)", [mark.kind, mark.address])


def remove(db: Database) -> None:
    db.execute("delete from moves")


def check(db: Database, address: DatabaseAddress) -> None:
    """:raises UnusableDatabaseError: when the database has a mark"""
    mark = find(db)
    if mark is None:
        return
    if mark.kind == "to":
        raise UnusableDatabaseError(
            f"{address} was moved to {mark.address}: set CONSTAT_DB to that address"
        )
    raise UnusableDatabaseError(
        f"the move from {mark.address} to {address} is not finished: run constat move again"
    )
