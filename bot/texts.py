"""How reports are searched by words: as the pickers of the forms search."""

from typing import Any

from blocks.compared import searched
from storage import text_search as stored_texts
from storage.text_search import TextSearch

__all__ = ["TextSearch", "searchable", "searched", "text_search"]


def text_search(words: str) -> TextSearch | None:
    """:returns: None if there is no word"""
    return TextSearch(words.split(), searched) if words.split() else None


def searchable(payload: Any, labels: Any) -> str:
    """The text by which a report is searched."""
    return stored_texts.searchable(searched, payload, labels)
