"""How the commands of the operator search texts: as the pickers of the forms do."""

from blocks.compared import searched
from storage.text_search import TextSearch

__all__ = ["TextSearch", "searched", "text_search"]


def text_search(words: str) -> TextSearch | None:
    """:returns: None if there is no word"""
    return TextSearch(words.split(), searched) if words.split() else None
