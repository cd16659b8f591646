"""The reports of a person that have some words.

A search of many reports is several jobs of `Store.read`, so that no other read waits long for it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.engine import Database
from storage.report_texts import MADE, text_of
from storage.text_search import TextSearch

FIRST, PIECE = 500, 2000
"""Reports that the first job of a search reads, and a later one at most: 5 ms."""
LONGEST_NUMBER = 15
"""Digits of the number of a report at most."""


@dataclass(frozen=True)
class Selection:
    """The reports of a person that the menus of a filter let through."""

    index: str
    condition: str
    values: Mapping[str, object]

    @property
    def table(self) -> str:
        return f"reports indexed by {self.index}"

    def numbers(self, also: str = "") -> str:
        """SQL that selects their numbers, newest first, from `:offset` on.

        :param also: another condition
        """
        return (
            f"select number from {self.table} where {self.condition} {also}"  # noqa: S608 - ours
            " order by number desc limit :limit offset :offset"
        )


@dataclass(frozen=True)
class Search:
    """How far a search has come, from the newest report to older ones."""

    numbers: Sequence[int] = ()
    """The reports that were found, newest first."""
    before: int = 10**LONGEST_NUMBER
    """All reports from this number on were searched; 0 if there are no others."""
    size: int = FIRST
    """Reports that the next job reads."""

    def is_done(self, enough: int) -> bool:
        """Whether so many reports were found, or there are no more."""
        return not self.before or len(self.numbers) >= enough


NOT_BEGUN = Search()


def go_on(db: Database, selection: Selection, text: TextSearch, search: Search) -> Search:
    """Search the next reports of a selection."""
    if not search.numbers and (named := _report_named(db, selection, text)):
        return Search(named, before=0)
    values = {**selection.values, "before": search.before, "limit": search.size, "offset": 0}
    piece = selection.numbers("and number < :before")
    count, oldest = db.execute(
        f"select count(*), min(number) from ({piece}) as piece",  # noqa: S608 - ours
        values,
    ).fetchone()
    if not count:
        return Search(search.numbers, before=0)
    found, lacking = _in_range(db, selection, text, oldest, search.before)
    is_cut = len(lacking) > MADE
    if is_cut:
        lacking = lacking[:MADE]
        oldest = lacking[-1]
    numbers = [number for number in found if number >= oldest] + _made(db, text, lacking)
    return Search(
        [*search.numbers, *sorted(numbers, reverse=True)],
        before=oldest if is_cut or count == search.size else 0,
        size=2 * MADE if is_cut else min(search.size * 4, PIECE),
    )


def having(
    db: Database, selection: Selection, text: TextSearch, among: Collection[int], *, before: int
) -> Sequence[int]:
    """Those of a few reports that belong to a selection and have the text.

    :param before: only numbers below
    """
    rows = db.execute(
        "select number from reports where number < :before and number in"  # noqa: S608 - ours
        f" (select cast(value as integer) from json_each(:among)) and {selection.condition}",
        {**selection.values, "before": before, "among": json.dumps(list(among))},
    )
    return _made(db, text, [row["number"] for row in rows])


def _in_range(
    db: Database, selection: Selection, text: TextSearch, oldest: int, before: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Search the reports of a selection from one number to before another.

    :returns: the numbers of those that have the text, and of those without a stored text; each
        newest first
    """
    condition, words = text.exact_condition("report_texts.text")
    rows = db.execute(
        "select reports.number, report_texts.number as stored"  # noqa: S608 - ours
        f" from {selection.table} left join report_texts on report_texts.number = reports.number"
        # PostgreSQL does not conclude this from the condition of the reports.
        " and report_texts.number >= :oldest and report_texts.number < :before"
        f" where {selection.condition} and reports.number >= :oldest and reports.number < :before"
        f" and (report_texts.number is null or ({condition})) order by reports.number desc",
        {**selection.values, **words, "oldest": oldest, "before": before},
    ).fetchall()
    found = [row["number"] for row in rows if row["stored"] is not None]
    return found, [row["number"] for row in rows if row["stored"] is None]


def _made(db: Database, text: TextSearch, numbers: Sequence[int]) -> list[int]:
    """Those of some reports whose texts, made anew, have the words."""
    rows = db.execute(
        "select number, payload, labels from reports where number in"
        " (select cast(value as integer) from json_each(?))",
        [json.dumps(list(numbers))],
    )
    return [row["number"] for row in rows if text.is_in_text(text_of(text.form, row))]


def _report_named(db: Database, selection: Selection, text: TextSearch) -> Sequence[int]:
    """The number of the report that a single word names, however old it is, if there is such a
    report.
    """
    word = text.words[0] if len(text.words) == 1 else ""
    if not (word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER):
        return []
    rows = db.execute(
        f"select number from reports where number = :number and {selection.condition}",  # noqa: S608 - ours
        {**selection.values, "number": int(word)},
    )
    return [row["number"] for row in rows if str(row["number"]) == word]
