"""How reports are searched by words: as the pickers of the forms search."""

from typing import Any

from blocks.compared import searched
from blocks.search_words import search_words
from storage import text_search as stored_texts
from storage.text_search import TextSearch

__all__ = ["TextSearch", "searchable", "searched", "text_search"]


def text_search(words: str) -> TextSearch | None:
    """:returns: None if there is no word"""
    found = search_words(words)
    codes = {word.text: word.codes for word in found if word.codes}
    return TextSearch([word.text for word in found], searched, codes) if found else None


def searchable(payload: Any, labels: Any) -> str:
    """The text by which a report is searched."""
    return stored_texts.searchable(searched, payload, labels)
