"""The words of a search, as people copy them from a list of reports.

A report is stored with codes such as `price`, and a list shows `Wrong price` in the language of its
reader. So a word that a list shows stands for the codes behind it, in either language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from blocks.compared import searched
from blocks.words import LANGUAGES, words

_SHOWN = ("headline.wrong.", "headline.", "listing.type.")
"""Where the catalogue has the names of codes that a line shows. The last part of a key is the
code.
"""
_SHORTEST = 3
"""Characters of the beginning of a word that stands for codes."""
_NUMBER = re.compile(r"(?i)(?<!\w)(?:n\s?[°ºo]|no|nos|№|#)\s?\.?\s?(?=\d)")
"""The sign before a number, as in `N° 3` and `No. 3`."""
_MARKS = ",;:·+"


@dataclass(frozen=True)
class SearchWord:
    """:param codes: what the word may stand for in a stored report"""

    text: str
    codes: tuple[str, ...] = ()


def search_words(text: str) -> tuple[SearchWord, ...]:
    """The words that a text looks for, without the signs that a list puts between two facts."""
    found = _NUMBER.sub("", text).split() or text.split()
    plain = [word for typed in found if (word := typed.strip(_MARKS))] or found
    return tuple(
        SearchWord(word, _codes(searched(word)) + _unit(before, word))
        for before, word in pairwise(["", *plain])
    )


def _unit(before: str, word: str) -> tuple[str, ...]:
    """Square metres behind a number stand for any text: of a listing the number alone is stored."""
    return ("",) if searched(word) == "m2" and before[-1:].isdigit() else ()


def _codes(word: str) -> tuple[str, ...]:
    """The codes of the shown words that begin with a word. A shorter one must be the whole."""
    begins = len(word) >= _SHORTEST
    found = (
        codes
        for shown, codes in _shown().items()
        if shown == word or (begins and shown.startswith(word))
    )
    return tuple(sorted(frozenset().union(*found)))


@cache
def _shown() -> Mapping[str, frozenset[str]]:
    """The codes for each word that a list shows for them."""
    codes: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for key, text in words(language).texts.items():
            section, _, code = key.rpartition(".")
            if f"{section}." in _SHOWN and isinstance(text, str):
                for word in searched(text).split():
                    codes.setdefault(word, set()).add(code)
    return {word: frozenset(of_word) for word, of_word in codes.items()}
