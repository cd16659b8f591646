"""The words that a person searches their reports by."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.engine import Database
from storage.text_search import TextSearch

SEARCHED = 20_000
"""A person's newest reports in which words are searched. That takes 0.2 s, in which no other job
reads.
"""
PIECE = 250
"""Reports in which words are searched at once."""
LONGEST_NUMBER = 15
"""Digits of the number of a report at most."""


@dataclass(frozen=True)
class Selection:
    """The reports of a person that the menus of a filter let through."""

    index: str
    condition: str
    values: Mapping[str, object]

    def numbers(self, also: str = "") -> str:
        """SQL that selects their numbers, newest first, from `:offset` on.

        :param also: another condition
        """
        return (
            f"select number from reports indexed by {self.index} where {self.condition} {also}"  # noqa: S608 - ours
            " order by number desc limit :limit offset :offset"
        )


@dataclass(frozen=True)
class Matches:
    """The reports of a selection that have some words."""

    numbers: Sequence[int]
    """Newest first, without those that are on no page."""
    left_out: int
    """How many of those that are on no page have the words."""
    is_cut: bool
    """Whether there are older reports that were not searched."""


def matches(
    db: Database,
    selection: Selection,
    text: TextSearch,
    *,
    enough: int,
    without: Collection[int],
) -> Matches:
    """Search the newest `SEARCHED` reports of a selection.

    :param enough: the search ends after so many numbers, though there may be more
    :param without: the numbers of reports that are on no page
    """
    if named := _report_named(db, selection, text):
        rest = [number for number in named if number not in without]
        return Matches(rest, len(named) - len(rest), is_cut=False)
    found, is_cut = _numbers_with(db, selection, text, enough=enough + len(without))
    rest = [number for number in found if number not in without]
    among = "and number in (select cast(value as integer) from json_each(:among))"
    values = {"among": json.dumps(list(without)), "limit": len(without), "offset": 0}
    left_out = _having(db, selection, text, among, values) if without else []
    return Matches(rest, len(left_out), is_cut)


def _numbers_with(
    db: Database, selection: Selection, text: TextSearch, *, enough: int
) -> tuple[Sequence[int], bool]:
    """The numbers of those reports that have the text, newest first.

    :param enough: so many are looked for; there may be more
    :returns: the numbers, and whether there are reports that would have been searched
    """
    found: list[int] = []
    before = 10**LONGEST_NUMBER
    for _ in range(SEARCHED // PIECE):
        values = {"before": before, "limit": PIECE, "offset": 0}
        found += _having(db, selection, text, "and number < :before", values)
        piece = selection.numbers("and number < :before")
        count, last = db.execute(
            f"select count(*), min(number) from ({piece}) as piece",  # noqa: S608 - ours
            {**selection.values, **values},
        ).fetchone()
        if count < PIECE or len(found) >= enough:
            return found, False
        before = last
    values = {"before": before, "limit": 1, "offset": 0}
    rest = db.execute(selection.numbers("and number < :before"), {**selection.values, **values})
    return found, rest.fetchone() is not None


def _having(
    db: Database,
    selection: Selection,
    text: TextSearch,
    also: str,
    values: Mapping[str, object],
) -> list[int]:
    """The numbers of some reports of a selection that have the text, newest first.

    :param also, values: as of `Selection.numbers`, with `:limit` and `:offset`
    """
    condition, patterns = text.condition("content")
    rows = db.execute(
        "select number, content from (select number,"  # noqa: S608 - ours
        " '[' || payload || ',' || coalesce(labels, 'null') || ']' as content from reports"
        f" where number in ({selection.numbers(also)})) as chosen"
        f" where {condition} order by number desc",
        {**selection.values, **values, **patterns},
    )
    return [row["number"] for row in rows if text.is_in(row["content"])]


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
