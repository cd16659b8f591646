"""Leases when a process starts or the date was set: those of dead processes end at once, and those
of a process that is at work go on.
"""

import json
from collections.abc import Callable

from storage.engine import Database

IsDead = Callable[[str], bool]
"""Whether the owner of a lease is known to be dead."""


def is_overtaken(shown: str) -> str:
    """SQL that asks whether a claim was not the last one any more when its work was done: another
    process has claimed the row since, or has shown a newer version. Then nobody knows which of the
    two came last in Slack, so the row has to be shown once more.

    Its parameters are `version` and `owner`, those of the claim.

    :param shown: the column with the version that Slack shows
    """
    return f"({shown} > :version or coalesce(owner, :owner) <> :owner)"


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


def renew_leases(db: Database, table: str, open_rows: str, owner: str, *, until: float) -> None:
    """The open rows that a living process has claimed stay claimed. A lease ends at a date, so it
    would end in the middle of the work when the date is set.

    :param open_rows: as of `end_dead_leases`
    :param until: UNIX seconds
    """
    db.execute(
        f"update {table} set lease = ? where {open_rows} and owner = ? and lease is not null",  # noqa: S608 - ours
        [until, owner],
    )
