"""The stored text of a report is always the one that its payload and labels make, or is missing."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks.compared import searched
from storage import erasure, person_queries, report_texts, reports
from storage.engine import Database, transaction
from storage.erasure import Rule
from storage.person_queries import Filter
from storage.reports import Change, Json, NewReport
from storage.states import State
from storage.text_search import TextSearch, searchable

T0 = 1_800_000_000.0
_keys = count()


def add(db: Database, payload: Json, labels: Json, *, stored: bool) -> int:
    """:param stored: whether the release that stores the report stores its text"""
    text = searchable(searched, payload, labels) if stored else None
    key = f"k{next(_keys)}"
    new = NewReport(key, "anomaly", "kare", f"U{key}", {}, payload, labels=labels, text=text)
    with transaction(db):
        return reports.add(db, new, now=T0)[0]


def edit(db: Database, number: int, payload: Json, *, stored: bool) -> None:
    text = searchable(searched, payload) if stored else None
    key = f"k{next(_keys)}"
    with transaction(db):
        reports.decide(db, number, set(State), Change(State.REFUSED), now=T0)
        assert reports.edit(db, number, key, payload, [], who="U1", now=T0, labels={}, text=text)


def fill(db: Database) -> None:
    with transaction(db):
        numbers, _ = report_texts.lacking(db, after=0)
        report_texts.fill(db, numbers, searched)


def text(db: Database, number: int) -> str | None:
    row = db.execute("select text from report_texts where number = ?", [number]).fetchone()
    return None if row is None else str(row["text"])


def found(db: Database, number: int, *words: str) -> bool:
    report = reports.get(db, number)
    assert report is not None
    wanted = Filter(text=TextSearch(words, searched))
    page = person_queries.reports_of(db, report.who, wanted, offset=0, limit=1)
    return [listed.number for listed in page.reports] == [number]


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(typed=st.text(min_size=1, max_size=30), other=st.text(max_size=5))
def test_stored_filled_and_missing_texts_are_found_by_the_same_words(
    db: Database, typed: str, other: str
) -> None:
    payload, labels = {"title": typed, "rows": [{"id": 7, "note": None}]}, {"site": other}
    stored = add(db, payload, labels, stored=True)
    missing = add(db, payload, labels, stored=False)
    words = [word for word in searched(typed).split() if not word.isdigit()]
    assert found(db, stored, *words, "7-x") == found(db, missing, *words, "7-x")
    assert found(db, stored, *words, "é") == found(db, missing, *words, "é")
    assert found(db, stored, *words, "\u200b")
    assert found(db, missing, *words, "\u200b")
    fill(db)
    assert text(db, missing) == text(db, stored)


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("edit_stored", [True, False])
def test_an_edit_by_any_release_replaces_the_words(
    db: Database, *, stored: bool, edit_stored: bool
) -> None:
    number = add(db, {"title": "gymnase"}, {"site": "Lyon"}, stored=stored)
    for title in ("piscine", "patinoire"):
        edit(db, number, {"title": title}, stored=edit_stored)
        assert found(db, number, title)
        assert not found(db, number, "gymnase")
        assert not found(db, number, "lyon")
    fill(db)
    assert text(db, number) == "patinoire"


def test_an_erased_report_has_no_text_and_gets_none(db: Database) -> None:
    number = add(db, {"title": "secret"}, {"site": "secret"}, stored=True)
    with transaction(db):
        reports.decide(db, number, set(State), Change(State.FILED), now=T0)
        assert erasure.erase_reports(db, Rule("old", before=T0 + 1), now=T0 + 9, limit=9)
        report_texts.fill(db, [number], searched)
    fill(db)
    assert text(db, number) is None


def test_the_text_goes_also_when_an_earlier_release_erases(db: Database) -> None:
    number = add(db, {"title": "secret"}, {}, stored=True)
    db.execute("update reports set payload = '{}' where number = ?", [number])
    assert text(db, number) is None


def test_a_text_that_is_there_is_not_made_again(db: Database) -> None:
    number = add(db, {"title": "old"}, {}, stored=True)
    with transaction(db):
        report_texts.fill(db, [number, 99], str.upper)
    assert text(db, number) == "old"


def test_lacking_texts_are_looked_for_range_by_range(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_texts, "RANGE", 2)
    for stored in (False, True, True, False, False):
        add(db, {}, {}, stored=stored)
    assert report_texts.lacking(db, after=0) == ([1], 2)
    assert report_texts.lacking(db, after=2) == ([4], 4)
    assert report_texts.lacking(db, after=4) == ([5], None)
