"""The revision of a report: it grows when a person decides about the report, and when a send ends
with an outcome that the automatic tries do not follow.

A button and a form have the revision that their reader saw. A press that comes with an older one
was meant for another situation, so it changes nothing.
"""

import json
from collections.abc import Callable, Collection

from storage import audit
from storage.engine import Database

__all__ = [
    "Database",
    "is_edited_since",
    "revision_of",
    "revisions_of",
    "unless_outdated",
]

# A change from `waiting`, `sending` or `held` to another of the three that no person made leaves
# the API without the report: a press that was meant for one of them is still right. No button
# changes when an alert is seen, nor when words are erased.
_REVISION = """
select id from history where number = {number}
and (who is not null or state not in ('waiting', 'sending', 'held'))
and coalesce(case when json_valid(cause) then json_extract(cause, '$.why') end, '')
    not in ('seen', 'erased')
order by id desc limit 1
"""
_NUMBER = "cast(value as integer)"
_OF_ONE = _REVISION.format(number="?")
_OF_SEVERAL = (
    f"select {_NUMBER} as number, ({_REVISION.format(number=_NUMBER)}) as revision"  # noqa: S608 - ours
    " from json_each(?)"
)


def revision_of(db: Database, number: int) -> int:
    """The id of the row of the history that made the report's revision; 0 if it has none."""
    row = db.execute(_OF_ONE, [number]).fetchone()
    return int(row[0]) if row else 0


def revisions_of(db: Database, numbers: Collection[int]) -> dict[int, int]:
    """The revisions of several reports, by their number."""
    rows = db.execute(_OF_SEVERAL, [json.dumps(list(numbers))])
    return {row["number"]: row["revision"] or 0 for row in rows}


def is_edited_since(db: Database, number: int, revision: int) -> bool:
    """Whether the report has other content than at that revision."""
    row = db.execute(
        "select 1 from history where number = ? and id > ? and json_valid(cause)"
        " and json_extract(cause, '$.why') = 'edited'",
        [number, revision],
    ).fetchone()
    return row is not None


def unless_outdated(
    db: Database,
    number: int,
    decide: Callable[[Database], bool],
    *,
    seen: int | None,
    press: str,
) -> bool | None:
    """Carry out a person's decision, unless the report has a newer revision than the person saw.

    :param decide: stores the decision, and returns False when it is not possible now
    :param seen: the revision that the person saw; None for a button or a form of an earlier
        release, which does not have it
    :param press: the same for a press or a form that Slack sends twice
    :returns: the result of `decide`; None when the decision is possible and was meant for an older
        revision, so that nothing was stored
    """
    if audit.has_press(db, number, press):
        return True
    if seen is None or seen >= revision_of(db, number):
        return decide(db)
    # It is carried out and taken back: only `decide` can find out whether it is possible.
    db.execute("savepoint outdated")
    possible = decide(db)
    db.execute("rollback to outdated")
    db.execute("release outdated")
    return None if possible else False
