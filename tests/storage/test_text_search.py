"""The words that reports are searched by, however a report's text and the words were typed."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from blocks.compared import searched
from storage.text_search import TextSearch


def found(payload: object, *words: str) -> bool:
    """Whether a payload is found, as it is stored in the file."""
    db = Database(memory=True)
    db.execute("create table reports (payload text)")
    db.execute("insert into reports values (?)", [json.dumps(payload, ensure_ascii=False)])
    condition, values = TextSearch(words, searched).condition(db)
    query = f"select count(*) from reports where {condition}"  # noqa: S608 - ours
    row = db.execute(query, values).fetchone()
    db.close()
    return bool(row[0])


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
def test_a_report_is_found_however_its_text_was_typed(title: str, word: str) -> None:
    assert found({"anomalies": [{"title": title}]}, word)


def test_the_names_of_fields_and_other_words_find_nothing() -> None:
    payload = {"title": "Sacré-Cœur"}
    assert not found(payload, "title")
    assert not found(payload, "sacre-coeur", "gymnase")


@given(st.text(min_size=1, max_size=30))
def test_every_word_of_a_text_finds_it(text: str) -> None:
    words = searched(text).split()
    assert found({"title": text}, *(words or ["\u200b"]))
