"""What a report is found by: its targets, which earlier reports about the same thing share, and its
text.
"""

from collections.abc import Callable, Sequence
from itertools import islice

from storage import report_texts
from storage.engine import Database
from storage.transitions import Report, report_of


def find_earlier(
    db: Database,
    kind: str,
    targets: Sequence[str],
    *,
    since: float,
    is_same: Callable[[Report], bool] = lambda _: True,
    but: int = 0,
) -> list[Report]:
    """At most 3 reports that ask for the same: open, in doubt, or filed lately; newest first.

    :param since: UNIX seconds. A report filed before does not count.
    :param is_same: whether a report that shares a target asks for the same
    :param but: the number of a report that does not count
    """
    if not targets:
        return []
    # A list that the planner sees as it is: for one in JSON, PostgreSQL reads all targets of the
    # kind until it has statistics.
    places = ", ".join("?" * len(targets))
    rows = db.execute(
        "select distinct reports.* from targets join reports using (number)"  # noqa: S608 - ours
        f" where targets.kind = ? and target in ({places}) and number <> ?"
        " and (state in ('waiting', 'sending', 'held', 'unknown')"
        " or (state = 'filed' and created_at >= ?)) order by reports.number desc limit ?",
        [kind, *targets, but, since, _COMPARED],
    )
    return list(islice(filter(is_same, map(report_of, rows)), 3))


_COMPARED = 200
"""The newest reports of a thing that are compared with a new one."""


def list_targets(db: Database, number: int) -> list[str]:
    """The targets of a report."""
    rows = db.execute("select target from targets where number = ?", [number])
    return [row["target"] for row in rows]


def make_findable(
    db: Database, number: int, kind: str, targets: Sequence[str], text: str | None
) -> None:
    """Store what a report is found by, which has no targets and no text yet.

    :param text: as of `report_texts.put`
    """
    for target in dict.fromkeys(targets):
        sql = "insert into targets (target, kind, number) values (?, ?, ?)"
        db.execute(sql, [target, kind, number])
    report_texts.put(db, number, text)
