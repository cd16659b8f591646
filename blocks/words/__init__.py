"""Every sentence a person reads, in each language, from one catalogue.

A catalogue is a TOML file beside this one: `section.key = "text with {facts}"`, or
`key = {one = "…", other = "…"}` where the text depends on the fact `n`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter

LANGUAGES = ("en", "fr")
Text = str | Mapping[str, str]
_COUNTS = frozenset({"n", "limit", "sent"})
"""Facts that are counts."""


@dataclass(frozen=True, eq=False)
class Words:
    """The sentences of one language. Immutable, so that two people of two languages never mix."""

    language: str
    texts: Mapping[str, Text]

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence `key`, its facts filled in.

        :raises KeyError: for a sentence or a fact that is not there: our fault, found by tests
        """
        text = self.texts[key]
        if not isinstance(text, str):
            text = text[self._number(facts["n"])]
        if not facts:
            return text
        for name in _COUNTS & facts.keys():
            facts[name] = self._shown(facts[name])
        return text.format_map(facts)

    def fact_names(self, key: str) -> frozenset[str]:
        """The names of the facts that the sentence `key` has places for.

        :raises KeyError: for a sentence that is not there
        """
        text = self.texts[key]
        return _names(text) if isinstance(text, str) else _names(*text.values()) | {"n"}

    def maybe(self, key: str, otherwise: str) -> str:
        """The sentence `key` if there is one: for names that others may add to."""
        text = self.texts.get(key, otherwise)
        return text if isinstance(text, str) else otherwise

    def count(self, n: int) -> str:
        """A count as the language groups its digits."""
        return f"{n:,}".replace(",", {"fr": "\u202f"}.get(self.language, ","))

    def _shown(self, fact: object) -> object:
        """A count with groups of digits; anything else as it is."""
        return self.count(fact) if isinstance(fact, int) else fact

    def _number(self, n: object) -> str:
        # French counts 0 as one; English does not.
        few = {"fr": (0, 1)}.get(self.language, (1,))
        return "one" if n in few else "other"


@cache
def _names(*texts: str) -> frozenset[str]:
    """The names between the braces of format strings."""
    fields = chain.from_iterable(Formatter().parse(text) for text in texts)
    return frozenset(name for _, name, _, _ in fields if name)


@cache
def words(language: str) -> Words:
    """The catalogue of a language of `LANGUAGES`.

    :raises FileNotFoundError: for any other language
    """
    path = Path(__file__).with_name(f"{language}.toml")
    text = path.read_text("utf-8")
    return Words(language, _flat(tomllib.loads(_french(text) if language == "fr" else text)))


def _french(text: str) -> str:
    """Spaces that no line may break at, where French typography has them.

    Put in here, so that the file can be written on any keyboard.
    """
    text = re.sub(r"(?<=[^\s=#]) (?=[?!:;»](?:\s|[\"*)]|$))", "\u00a0", text).replace(
        "« ", "«\u00a0"
    )
    return re.sub(r"(?<=\d) (?=\d{3}\b)", "\u202f", text)


def language_of(locale: str) -> str:
    """The language we have for a Slack locale such as `fr-CA`; English when there is none."""
    language = locale.partition("-")[0].lower()
    return language if language in LANGUAGES else "en"


def _flat(tree: Mapping[str, object], prefix: str = "") -> dict[str, Text]:
    flat: dict[str, Text] = {}
    for key, value in tree.items():
        if isinstance(value, str):
            flat[prefix + key] = value
        elif isinstance(value, dict):
            if value.keys() == {"one", "other"}:
                flat[prefix + key] = value
            else:
                flat |= _flat(value, f"{prefix}{key}.")
    return flat
