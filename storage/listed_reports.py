"""Reports as rows of a list in Slack, each with the place of its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.engine import Database
from storage.revisions import revisions_of
from storage.states import ALLOWED
from storage.transitions import Report, report_from

_PLACE = ("receipts.channel", "receipts.ts", "receipts.thread_ts", "receipts.direct")
_DECIDED = frozenset(state for state, actions in ALLOWED.items() if not actions)
"""The states in which nobody can decide anything, so that no button needs the revision."""


@dataclass(frozen=True)
class Place:
    """Where a report's message is in Slack."""

    channel: str
    ts: str
    thread_ts: str | None


@dataclass(frozen=True)
class Listed:
    """A report in a list, as it is in the file: two that are equal say the same."""

    columns: tuple[str, ...] = field(compare=False)
    """The same in every row of a database."""
    content: tuple[Any, ...]
    revision: int
    """Of `storage.revisions`. It is 0 in a state in which nobody can decide anything."""
    place: Place | None
    """None while nothing was posted."""

    @property
    def number(self) -> int:
        number: int = self.content[self.columns.index("number")]
        return number

    @property
    def kind(self) -> str:
        kind: str = self.content[self.columns.index("kind")]
        return kind

    @property
    def report(self) -> Report:
        return report_from(self.columns, self.content)


def listed(db: Database, numbers: str, values: dict[str, object]) -> Sequence[Listed]:
    """Those reports, newest first, each with the place of its receipt.

    :param numbers: SQL that selects the numbers of the reports, with these values
    """
    rows = db.execute(
        f"select reports.*, {', '.join(_PLACE)} from reports left join receipts"  # noqa: S608 - ours
        " on receipts.number = reports.number and receipts.ts is not null"
        f" where reports.number in ({numbers}) order by reports.number desc",
        values,
    ).fetchall()
    if not rows:
        return []
    columns = tuple(rows[0].keys())[: -len(_PLACE)]
    open_reports = [row["number"] for row in rows if row["state"] not in _DECIDED]
    revisions = revisions_of(db, open_reports) if open_reports else {}
    return [
        Listed(
            columns,
            content[: len(columns)],
            revisions.get(number, 0),
            _place(*content[len(columns) :]),
        )
        for number, content in ((row["number"], tuple(row)) for row in rows)
    ]


def _place(channel: str | None, ts: str | None, thread_ts: str | None, direct: int) -> Place | None:
    if channel is None or ts is None:
        return None
    return Place(channel, ts, None if direct else thread_ts)
