"""Finding words in reports, whatever their case and their accents."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from storage.canonical_json import read_json

_STRICT = frozenset("bdfghjklmpqrstvwxz0123456789")
"""What French writes without accents. LIKE ignores the case of these."""


def pattern(word: str) -> str:
    """A pattern that every payload with the word matches, and others too."""
    folded = fold(word)
    parts = (c if c in _STRICT else "_" if c.isalpha() else "%" for c in folded)
    return f"%{''.join(parts)}%"


_ACCENTS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """A text without the differences of case and accents."""
    text = text.casefold()
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


class Search:
    """Whether a payload's values contain all words. The names of its fields do not count."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [fold(word) for word in words]

    def finds(self, payload: str) -> bool:
        if not self._words:
            return True
        text = fold("\n".join(_texts(read_json(payload))))
        return all(word in text for word in self._words)


def _texts(value: Any) -> Iterator[str]:
    """Every value in a JSON value, as text."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)
