"""A report as one line: for a table, and with all fields for JSON and CSV."""

from dataclasses import dataclass
from datetime import datetime

from blocks.words import Words, words
from bot.commands.output import cut, utc
from bot.commands.people import People
from bot.commands.reasons import reason
from bot.commands.subjects import headline
from bot.commands.times import local
from storage.engine import Database
from storage.report_queries import ReportRow

HEAD = ("number", "when", "who", "what", "state", "reason", "next try")
BELOW = {3: "", 5: "", 6: "next try "}
"""The columns that a narrow terminal has no room for beside the others."""
FIELDS = (
    "number", "createdAt", "who", "name", "kind", "what", "state", "reason", "nextTry", "remoteId",
    "changedAt", "attempts", "workspace",
)  # fmt: skip
_WIDEST = {"who": 30, "what": 60, "reason": 50}
"""Columns of a terminal that a cell of a table takes at most."""


@dataclass(frozen=True)
class Describe:
    people: People
    words: Words
    """The language of what reports are about."""

    @classmethod
    def from_file(cls, db: Database, language: str) -> "Describe":
        return cls(People(db), words(language))

    def cells(self, report: ReportRow) -> tuple[str, ...]:
        """A row of a table whose head is `HEAD`. Long texts are cut."""
        return (
            str(report.number),
            local(report.created_at),
            cut(self.people.distinct_name(report.who), _WIDEST["who"]),
            cut(headline(self.words, report), _WIDEST["what"]),
            report.state,
            cut(reason(report.cause), _WIDEST["reason"]) or "-",
            local(report.next_try) if report.state == "waiting" else "-",
        )

    def fields(self, report: ReportRow) -> dict[str, object]:
        """The values of `FIELDS`, whole. Times are ISO 8601 in UTC, and `who` is a Slack id."""
        return {
            "number": report.number,
            "createdAt": utc(report.created_at),
            "who": self.people.slack_id(report.who),
            "name": self.people.name(report.who),
            "kind": report.kind,
            "what": headline(self.words, report),
            "state": report.state,
            "reason": reason(report.cause),
            "nextTry": utc(report.next_try) if report.state == "waiting" else None,
            "remoteId": report.remote_id,
            "changedAt": utc(report.changed_at),
            "attempts": report.attempts,
            "workspace": self.people.workspace(report.who),
        }

    def csv_fields(self, report: ReportRow) -> dict[str, object]:
        """The same with times as a spreadsheet reads them, in the reader's time zone."""
        next_try = local(report.next_try) if report.state == "waiting" else None
        return self.fields(report) | {
            "createdAt": local(report.created_at),
            "nextTry": next_try,
            "changedAt": local(report.changed_at),
        }

    def workbook_row(self, report: ReportRow) -> list[object]:
        """The values of `FIELDS` with times as a workbook has them, in the reader's time zone."""
        next_try = report.next_try if report.state == "waiting" else None
        fields = self.fields(report) | {
            "createdAt": datetime.fromtimestamp(report.created_at),  # noqa: DTZ006 - a cell has no zone
            "nextTry": None if next_try is None else datetime.fromtimestamp(next_try),  # noqa: DTZ006
            "changedAt": datetime.fromtimestamp(report.changed_at),  # noqa: DTZ006
        }
        return [fields[name] for name in FIELDS]
