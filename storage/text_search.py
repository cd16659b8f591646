"""Which payloads contain some words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storage.canonical_json import read_json

Form = Callable[[str], str]
"""Gives the form in which texts are compared: without case and accents."""


@dataclass(frozen=True)
class TextSearch:
    """:param words: at least one; all of them must be in the payload's values"""

    words: Sequence[str]
    form: Form

    def condition(self, column: str = "payload") -> tuple[str, dict[str, str]]:
        """An SQL condition on a column, and its values by name.

        Every JSON text that `is_in` accepts meets the condition, and others do too. LIKE is fast
        and rules out most texts, but for those with characters that LIKE takes for others than a
        reader does.
        """
        patterns = {f"word{n}": _pattern(self.form(word)) for n, word in enumerate(self.words)}
        like = " and ".join(f"{column} like :{name}" for name in patterns)
        return f"(({like}) or {column} regexp :unusual)", patterns | {"unusual": _UNUSUAL}

    def is_in(self, payload: str) -> bool:
        """Whether the values of a JSON text contain all words."""
        text = self.form("\n".join(_texts(read_json(payload))))
        return all(self.form(word) in text for word in self.words)


_STRICT = frozenset("bdfghjklmpqrstvwxz0123456789")
"""What French writes without accents. LIKE ignores the case of these."""
# All but ASCII, letters with one accent, and French punctuation; and JSON's escapes of characters
# that nobody sees. Python and PostgreSQL read it alike.
_UNUSUAL = "[^ -~À-ÅÇ-ÏÑ-ÖÙ-Ýà-åç-ïñ-öù-ýÿ\u00a0\u202f«»’‘“”–—…°€]|\\\\[bu]"


def _pattern(word: str) -> str:
    """A pattern of LIKE that every payload of usual characters with the word matches, and others
    too.
    """
    parts = (c if c in _STRICT else "_" if c.isalpha() else "%" for c in word)
    return f"%{''.join(parts)}%"


def _texts(value: Any) -> Iterator[str]:
    """Every value in a JSON value, as text. The names of fields do not count."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)
