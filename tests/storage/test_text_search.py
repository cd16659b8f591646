"""The words that reports are searched by, however a report's text and the words were typed."""

import unicodedata
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks.compared import searched
from storage import person_queries, report_texts, reports
from storage.engine import Database, transaction
from storage.person_queries import Filter
from storage.report_queries import ReportFilter, list_reports
from storage.reports import Json, NewReport
from storage.text_search import TextSearch, searchable

_keys = count()


def found(db: Database, payload: Json, *words: str, limit: int | None = None) -> bool:
    """Whether a stored report with this payload is found."""
    new = NewReport(f"k{next(_keys)}", "anomaly", "kare", "U1", {}, payload)
    with transaction(db):
        number, _ = reports.add(db, new, now=1_800_000_000.0)
    wanted = ReportFilter(text=TextSearch(words, searched))
    with transaction(db):
        return number in [report.number for report in list_reports(db, wanted, limit=limit)]


@pytest.mark.parametrize(
    "title",
    [
        "L’ascenseur du Sacré-Cœur, 12 m²",
        unicodedata.normalize("NFD", "l'ascenseur du Sacré‑Cœur 12 m2"),
        "l'as\u00adcen\u200bseur du SACRÉ\u2010CŒUR\u00a0: \uff11\uff12 m2",
        "l'aſcenseur du sacre-coeur 12 m2",
    ],
)
@pytest.mark.parametrize("word", ["ascenseur", "sacre-coeur", "SACRÉ-CŒUR", "l'as", "m2", "12"])
def test_a_report_is_found_however_its_text_was_typed(db: Database, title: str, word: str) -> None:
    assert found(db, {"anomalies": [{"title": title}]}, word)


@pytest.mark.parametrize(
    ("words", "is_there"),
    [(["prix"], True), (["lent", "prix"], True), (["rapide", "prix"], False), (["photos"], False)],
)
def test_a_word_may_stand_for_codes(db: Database, words: list[str], *, is_there: bool) -> None:
    text = TextSearch(words, searched, {"prix": ["status", "price"], "photos": ["media"]})
    new = NewReport("k", "issue", "immoteur", "U1", {}, {"what": ["price"], "comment": "lent"})
    with transaction(db):
        number, _ = reports.add(db, new, now=1_800_000_000.0)
        report_texts.put(db, number, searchable(searched, new.payload))
    page = person_queries.reports_of(db, "U1", Filter(text=text), offset=0, limit=1)
    with transaction(db):
        listed = list_reports(db, ReportFilter(text=text), limit=None)
    expected = [number] if is_there else []
    assert [report.number for report in page.reports] == expected
    assert [report.number for report in listed] == expected


def test_the_names_of_fields_and_other_words_find_nothing(db: Database) -> None:
    payload = {"title": "Sacré-Cœur"}
    assert not found(db, payload, "title")
    assert not found(db, payload, "sacre-coeur", "gymnase")


@pytest.mark.parametrize("limit", [None, 1])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(min_size=1, max_size=30))
def test_every_word_of_a_text_finds_it(db: Database, limit: int | None, text: str) -> None:
    words = searched(text).split()
    assert found(db, {"title": text}, *(words or ["\u200b"]), limit=limit)
