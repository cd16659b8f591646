"""The reports of a person, for lists in Slack. All functions only read.

Call those that answer one question together in one transaction. Each is answered by an index, so
that its time does not depend on how many reports there are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.engine import Database, Row
from storage.revisions import revisions_of
from storage.text_search import TextSearch
from storage.transitions import Report, report_from

NEED = "state in ('held', 'refused', 'unknown')"
"""The condition of reports that somebody has to decide about. SQLite compares it with the condition
of the index by its text."""
SEARCHED = 2000
"""A person's newest reports in which words are searched."""
COUNTED = 1000
"""Reports that are counted at most."""


@dataclass(frozen=True)
class Place:
    """Where a report's message is in Slack."""

    channel: str
    ts: str
    thread_ts: str | None


@dataclass(frozen=True)
class Listed:
    """A report in a list, as it is in the file: two that are equal say the same."""

    columns: tuple[str, ...]
    content: tuple[Any, ...]
    revision: int
    """Of `storage.revisions`."""
    place: Place | None
    """None while nothing was posted."""

    @property
    def kind(self) -> str:
        kind: str = self.content[self.columns.index("kind")]
        return kind

    @property
    def report(self) -> Report:
        return report_from(self.columns, self.content)


@dataclass(frozen=True)
class Needing:
    """Reports that need somebody, newest first."""

    reports: Sequence[Listed] = ()
    total: int = 0
    """How many there are, also those that are not listed; `COUNTED` at most."""


@dataclass(frozen=True)
class Overview:
    """The reports that a person may see."""

    needs: Needing
    everybody: Needing | None
    reports: Sequence[Listed]


@dataclass(frozen=True)
class Limits:
    """How many reports an overview has at most."""

    needs: int
    others: int
    reports: int


@dataclass(frozen=True)
class Filter:
    """Which reports of a person are meant. Empty means all."""

    state: str = ""
    """A state; `need` for those of `NEED`."""
    kind: str = ""
    text: TextSearch | None = None
    """Words in the report or in its names. A single word may be its number."""


def overview(
    db: Database, who: str, wanted: Filter, *, offset: int, limits: Limits, sees_all: bool
) -> Overview:
    """Everything that a person's Home shows of reports.

    :param offset: reports of the filter that were on earlier pages
    :param sees_all: whether to add the reports of others that need somebody
    """
    return Overview(
        needing(db, who, limit=limits.needs),
        needing_of_others(db, who, limit=limits.others) if sees_all else None,
        reports_of(db, who, wanted, offset=offset, limit=limits.reports),
    )


def needing(db: Database, who: str, *, limit: int) -> Needing:
    """A person's reports that need them."""
    where = f"who = :who and {NEED}"
    return _needing(db, where, "reports_of_person_by_state", who, limit)


def needing_of_others(db: Database, who: str, *, limit: int) -> Needing:
    """The reports of everybody else that need somebody."""
    return _needing(db, f"{NEED} and who <> :who", "reports_in_need", who, limit)


def _needing(db: Database, where: str, index: str, who: str, limit: int) -> Needing:
    table = f"reports indexed by {index}"
    # The numbers are sorted in the index alone: a person may have thousands of them.
    numbers = f"select number from {table} where {where} order by number desc limit :limit"  # noqa: S608 - ours
    rows = db.execute(
        f"select * from reports where number in ({numbers}) order by number desc",  # noqa: S608
        {"who": who, "limit": limit},
    ).fetchall()
    total = len(rows)
    if total == limit:
        total = db.execute(
            f"select count(*) from (select 1 from {table} where {where} limit :most) as subquery",  # noqa: S608
            {"who": who, "most": COUNTED},
        ).fetchone()[0]
    return Needing(_listed(db, rows), total)


def reports_of(
    db: Database, who: str, wanted: Filter, *, offset: int, limit: int
) -> Sequence[Listed]:
    """A person's reports, newest first."""
    conditions, index = ["who = :who"], "reports_of_person"
    if wanted.kind:
        conditions.append("kind = :kind")
        index = "reports_of_person_by_kind"
    if wanted.state:
        conditions.append(NEED if wanted.state == "need" else "state = :state")
        index = "reports_of_person_by_state"
    numbers = (
        f"select number from reports indexed by {index} where {' and '.join(conditions)}"  # noqa: S608 - ours
        " order by number desc limit :limit offset :offset"
    )
    values: dict[str, object] = {"who": who, "kind": wanted.kind, "state": wanted.state}
    if wanted.text is not None:
        found = _numbers_with(db, numbers, values, wanted.text)[offset : offset + limit]
        sql = "select cast(value as integer) from json_each(:found)"
        values = {"found": json.dumps(found)}
    else:
        sql, values = numbers, {**values, "limit": limit, "offset": offset}
    rows = db.execute(
        f"select * from reports where number in ({sql}) order by number desc",  # noqa: S608
        values,
    ).fetchall()
    return _listed(db, rows)


def _numbers_with(
    db: Database, numbers: str, values: Mapping[str, object], text: TextSearch
) -> list[int]:
    """The numbers of those reports that have the text, newest first, of the newest `SEARCHED`."""
    columns = "number, payload, coalesce(labels, 'null') as labels"
    rows = db.execute(
        f"select {columns} from reports where number in ({numbers}) order by number desc",  # noqa: S608
        {**values, "limit": SEARCHED, "offset": 0},
    )
    contents = {row["number"]: f"[{row['payload']},{row['labels']}]" for row in rows}
    if len(text.words) == 1 and (named := [n for n in contents if str(n) == text.words[0]]):
        return named
    return [number for number, content in contents.items() if text.is_in(content)]


def _listed(db: Database, found: Sequence[Row]) -> Sequence[Listed]:
    numbers = json.dumps([row["number"] for row in found])
    posted = db.execute(
        "select number, channel, ts, thread_ts, direct from receipts"
        " where number in (select cast(value as integer) from json_each(?)) and ts is not null",
        [numbers],
    )
    places = {
        row["number"]: Place(row["channel"], row["ts"], None if row["direct"] else row["thread_ts"])
        for row in posted
    }
    columns = tuple(found[0].keys()) if found else ()
    revisions = revisions_of(db, [row["number"] for row in found])
    return [
        Listed(columns, tuple(row), revisions[row["number"]], places.get(row["number"]))
        for row in found
    ]
