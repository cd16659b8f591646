"""The texts by which reports are searched: a row for each report that is not erased.

A trigger deletes the row when the payload or the labels of its report change, whichever release
changes them. So a row that exists fits its report. A report that an earlier release has stored or
changed has no row until `fill` adds it; meanwhile a search makes its text anew.
"""

from collections.abc import Sequence

from storage.canonical_json import read_json
from storage.engine import Database, Row
from storage.text_search import Form, searchable

MADE = 25
"""Texts that one job makes at most, of reports without a stored one: 5 ms."""
RANGE = 2000
"""Numbers that `lacking` looks at in one job."""

REPORT_TEXTS = (
    """
    create table report_texts (
        number integer primary key references reports (number),
        text text not null
    )
    """,
    """
    create trigger report_texts_outdated after update of payload, labels on reports begin
        delete from report_texts where number = new.number;
    end
    """,
)
"""Statements of the step that adds the table."""


def put(db: Database, number: int, text: str | None) -> None:
    """Store the text of a report that has none.

    :param text: of `searchable`; None leaves it to `fill`
    """
    if text is not None:
        db.execute("insert into report_texts (number, text) values (?, ?)", [number, text])


def text_of(form: Form, row: Row) -> str:
    """The text of a report.

    :param row: with `payload` and `labels`
    """
    return searchable(form, read_json(row["payload"]), read_json(row["labels"]))


def lacking(db: Database, *, after: int) -> tuple[Sequence[int], int | None]:
    """Look for reports that have no text and are not erased, in the next `RANGE` numbers.

    :returns: their numbers, and where to go on; None at the end
    """
    values = {"after": after, "until": after + RANGE}
    rows = db.execute(
        "select number from reports where number > :after and number <= :until"
        " and erased_at is null and not exists"
        " (select 1 from report_texts where report_texts.number = reports.number)",
        values,
    ).fetchall()
    last = db.execute("select max(number) from reports").fetchone()[0] or 0
    return [row["number"] for row in rows], values["until"] if values["until"] < last else None


def fill(db: Database, numbers: Sequence[int], form: Form) -> None:
    """Store the texts of these reports, unless they have one by now or are erased.

    :param numbers: `MADE` at most
    """
    for number in numbers:
        row = db.execute(
            "select payload, labels from reports where number = ? and erased_at is null"
            " and not exists (select 1 from report_texts where number = reports.number)",
            [number],
        ).fetchone()
        if row is not None:
            put(db, number, text_of(form, row))
