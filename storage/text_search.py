"""Which texts of reports contain some words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from storage.canonical_json import read_json

Form = Callable[[str], str]
"""Gives the form in which texts are compared: without case and accents."""


@dataclass(frozen=True)
class TextSearch:
    """:param words: at least one; all of them must be in the values of payload and labels
    :param codes: what a word may stand for: a value with one of them counts as one with the word
    """

    words: Sequence[str]
    form: Form
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def condition(self) -> tuple[str, dict[str, str]]:
        """An SQL condition on the columns `payload` and `labels`, and its values by name.

        Every report that `is_in` accepts meets the condition, and others do too. LIKE is fast
        and rules out most texts, but for those with characters that LIKE takes for others than a
        reader does.
        """
        condition, values = self._for_each_word(f"{_BOTH} like :{{name}}")
        patterns = {name: _pattern(self.form(word)) for name, word in values.items()}
        return f"(({condition}) or {_BOTH} regexp :unusual)", patterns | {"unusual": _UNUSUAL}

    def exact_condition(self, column: str) -> tuple[str, dict[str, str]]:
        """An SQL condition that only texts with all words meet, and its values by name.

        :param column: with texts of `searchable`
        """
        condition, values = self._for_each_word(f"instr({column}, :{{name}}) > 0")
        return condition, {name: searchable(self.form, word) for name, word in values.items()}

    def is_in(self, payload: str, labels: str | None) -> bool:
        """Whether the values of two JSON texts contain all words."""
        return self.is_in_text(searchable(self.form, read_json(payload), read_json(labels)))

    def is_in_text(self, text: str) -> bool:
        """Whether a text of `searchable` contains all words."""
        return all(any(word in text for word in alternatives) for alternatives in self._searched)

    @cached_property
    def _alternatives(self) -> list[tuple[str, ...]]:
        return [(word, *self.codes.get(word, ())) for word in self.words]

    @cached_property
    def _searched(self) -> list[list[str]]:
        """The alternatives in the form of the texts: it is the same for thousands of texts."""
        return [[searchable(self.form, word) for word in words] for words in self._alternatives]

    def _for_each_word(self, test: str) -> tuple[str, dict[str, str]]:
        """SQL that asks for one of the alternatives of each word, and the words by their names.

        :param test: SQL for one word, with a place for its name
        """
        conditions: list[str] = []
        values: dict[str, str] = {}
        for alternatives in self._alternatives:
            names = [f"word{len(values) + n}" for n in range(len(alternatives))]
            values |= dict(zip(names, alternatives, strict=True))
            conditions.append(f"({' or '.join(test.format(name=name) for name in names)})")
        return " and ".join(conditions), values


def searchable(form: Form, *values: Any) -> str:
    """All texts and numbers in some JSON values, in the form in which they are compared.

    Both engines can store it: it has no character 0, and no half of a surrogate pair.
    """
    text = form("\n".join(_texts(values))).replace("\0", "")
    return text.encode("utf-8", "ignore").decode()


_BOTH = "(payload || coalesce(labels, ''))"
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
    """Every value in a JSON value, as text, in the order of the file. The names of fields do not
    count.
    """
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _texts(value[name])
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)
