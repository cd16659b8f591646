"""Leases of dead processes: their rows can be claimed again before the lease is over."""

import json
from collections.abc import Callable

from storage.engine import Database

IsDead = Callable[[str], bool]
"""Whether the owner of a lease is known to be dead."""


def dead_owners(db: Database, table: str, where: str, is_dead: IsDead) -> list[str]:
    """The dead processes among the owners of the rows.

    :param where: an SQL condition without parameters; it holds for the rows under a lease
    """
    sql = f"select distinct owner from {table} where {where}"  # noqa: S608 - ours
    return [row["owner"] for row in db.execute(sql).fetchall() if is_dead(row["owner"])]


def end_dead_leases(db: Database, table: str, open_rows: str, is_dead: IsDead) -> None:
    """Open rows that a dead process claimed can be claimed again.

    :param open_rows: an SQL condition without parameters; it holds for the rows with work to do
    """
    dead = dead_owners(db, table, f"{open_rows} and lease is not null", is_dead)
    db.execute(
        f"update {table} set lease = null where {open_rows}"  # noqa: S608 - ours
        " and owner in (select value from json_each(?))",
        [json.dumps(dead)],
    )
