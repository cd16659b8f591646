"""A search finds a report by the words that a list shows of it, in either language."""

from typing import Any

import pytest

from blocks.issue import headline
from blocks.issue.model import FACETS
from blocks.search_words import search_words
from blocks.words import LANGUAGES, words
from bot.texts import searchable, text_search

ID = "5f0c2d1e-8a4b-1c3d-9e2f-0000000000a1"
LISTING = {"property_id": ID, "area": 65.0, "city": "Lyon 3e Arrondissement"}
REPORTS: list[dict[str, Any]] = [
    *({"issueKind": "data", "issueFacets": [facet]} for facet in FACETS),
    {"issueKind": "data", "issueFacets": ["price", "media"]},
    {"issueKind": "clustering", "clusteringAction": "merge"},
    {"issueKind": "clustering", "clusteringAction": "split"},
    {"issueKind": "other", "comment": "L’annonce renvoie « ailleurs »"},
]


def is_found(text: str, payload: object, labels: object = None) -> bool:
    search = text_search(text)
    assert search is not None
    return search.is_in_text(searchable(payload, labels or {}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["apartment", "house", "land", "parking"])
@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_a_whole_line_of_the_list_finds_its_report(
    language: str, kind: str, report: dict[str, Any]
) -> None:
    payload = {**report, "propertyIds": [ID]}
    labels = {"listings": {"c1": {**LISTING, "type": kind}}}
    line = headline.title(words(language), payload, labels)
    assert line is not None
    assert is_found(line.line(words(language)), payload, labels)


def test_the_name_of_another_code_finds_nothing() -> None:
    payload = {"issueKind": "data", "issueFacets": ["price"], "propertyIds": [ID]}
    assert not is_found("photos", payload)
    assert not is_found("maison", payload, {"listings": {"c1": {**LISTING, "type": "apartment"}}})


@pytest.mark.parametrize("text", ["N° 12", "n°12", "No. 12", "no. 12", "№ 12", "#12", "12"])
def test_a_number_may_have_its_sign(text: str) -> None:
    assert [word.text for word in search_words(text)] == ["12"]


@pytest.mark.parametrize("text", ["casino 12", "C#12", "non 12"])
def test_the_end_of_a_word_is_no_sign_of_a_number(text: str) -> None:
    assert " ".join(word.text for word in search_words(text)) == text


def test_marks_alone_are_looked_for_as_they_are() -> None:
    assert [word.text for word in search_words(" · : ")] == ["·", ":"]


def test_no_word_is_no_search() -> None:
    assert text_search("  ") is None


@pytest.mark.parametrize(("text", "finds"), [("65 m²", True), ("65 m2", True), ("m2", False)])
def test_square_metres_are_found_by_their_number(text: str, *, finds: bool) -> None:
    assert is_found(text, {"issueKind": "other"}, {"listings": {"c1": LISTING}}) is finds
