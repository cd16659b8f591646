"""The catalogue is complete in both languages, used, and the only place with sentences in it."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocks.words import LANGUAGES, Text, language_of, words

ROOT = Path(__file__).parents[2]
EN, FR = (words(language).texts for language in LANGUAGES)
SPOKEN = [
    path for folder in ("blocks", "bot/listeners") for path in sorted((ROOT / folder).glob("*.py"))
]
SOURCES = [
    *(ROOT / "blocks").rglob("*.py"),
    *(ROOT / "bot").rglob("*.py"),
    *(ROOT / "storage").glob("*.py"),
]


def variants(text: Text) -> dict[str, str]:
    return {"": text} if isinstance(text, str) else dict(text)


def facts(text: Text) -> set[str]:
    parsed = (string.Formatter().parse(variant) for variant in variants(text).values())
    return {name for parts in parsed for _, name, _, _ in parts if name is not None}


def test_both_languages_say_the_same_things() -> None:
    assert sorted(EN) == sorted(FR)


def test_a_sentence_takes_the_same_facts_and_numbers_in_both_languages() -> None:
    shapes = [
        {key: (sorted(variants(text)), sorted(facts(text))) for key, text in texts.items()}
        for texts in (EN, FR)
    ]
    assert shapes[0] == shapes[1]


def test_a_sentence_says_something_in_both_languages() -> None:
    blank = [
        key
        for texts in (EN, FR)
        for key, text in texts.items()
        for variant in variants(text).values()
        if not variant or variant != variant.strip()
    ]
    assert blank == []


def strings(tree: ast.AST) -> Iterator[str]:
    """Each string in some code; an f-string's values as `{}`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield _pattern(node)


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(
        str(value.value) if isinstance(value, ast.Constant) else "{}" for value in node.values
    )


def asked_for(tree: ast.AST) -> Iterator[str]:
    """The first argument of each call of some `words`, in the same form."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.search(r"words\b[^.]*$", ast.unparse(node.func)):
            for argument in node.args[:1]:
                if isinstance(argument, ast.JoinedStr):
                    yield _pattern(argument)
                elif isinstance(argument, ast.Constant):
                    yield str(argument.value)


def fits(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\{\}", "(.+)"))


def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_every_sentence_is_used_somewhere() -> None:
    """By its key, or by an f-string whose values are strings or names that the code has."""
    code = [read(path) for path in SOURCES]
    found = {text for tree in code for text in strings(tree)}
    atoms = {part for text in found for part in text.split(".")} | {str(n) for n in range(600)}
    patterns = [
        fits(text) for text in found if "." in text and " " not in text and text.strip(".{}")
    ]
    uses = {key: [hit for pattern in patterns if (hit := pattern.fullmatch(key))] for key in EN}
    unused = [
        key
        for key, hits in uses.items()
        # Immoteur documents neither all types nor all statuses: some have no name in the code.
        if not key.startswith(("listing.type.", "listing.status."))
        and not any(atoms >= {a for atom in hit.groups() for a in atom.split(".")} for hit in hits)
    ]
    assert unused == []


def test_every_sentence_that_the_code_asks_for_is_there() -> None:
    asked = {key for path in SOURCES for key in asked_for(read(path))} - set(LANGUAGES)
    missing = [key for key in asked if not any(fits(key).fullmatch(entry) for entry in EN)]
    assert missing == []


NOT_FOR_PEOPLE = re.compile(r"log(ger)?\.|.*Error$|re\.|super\(\)\.__init__")


def sentences(tree: ast.AST) -> Iterator[str]:
    """Strings of two words or more that are no docstring, log line, pattern or error."""
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.Raise | ast.Assert):
        return
    if isinstance(tree, ast.Call) and NOT_FOR_PEOPLE.match(ast.unparse(tree.func)):
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        if re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}", tree.value):
            yield tree.value
        return
    for child in ast.iter_child_nodes(tree):
        yield from sentences(child)


def test_nothing_a_person_reads_is_written_outside_the_catalogue() -> None:
    assert {path.name: list(sentences(read(path))) for path in SPOKEN} == {
        path.name: [] for path in SPOKEN
    }


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr-FR", "fr"), ("fr-CA", "fr"), ("FR", "fr"), ("en-GB", "en"), ("de-DE", "en"), ("", "en")],
)
def test_a_person_reads_the_language_of_their_locale_or_english(locale: str, language: str) -> None:
    assert language_of(locale) == language


@pytest.mark.parametrize(
    ("language", "n", "sentence"),
    [
        ("en", 0, "0 more are below."),
        ("en", 1, "1 more is below."),
        ("en", 2, "2 more are below."),
        ("fr", 0, "0 autre ci-dessous."),
        ("fr", 1, "1 autre ci-dessous."),
        ("fr", 2, "2 autres ci-dessous."),
    ],
)
def test_a_number_is_counted_as_the_language_counts(language: str, n: int, sentence: str) -> None:
    assert words(language)("receipt.rest_below", n=n) == sentence


def test_a_sentence_that_is_not_there_is_our_fault() -> None:
    with pytest.raises(KeyError):
        words("en")("form.nothing")


def test_no_line_breaks_before_french_punctuation_or_inside_a_number() -> None:
    texts = [
        variant
        for text in FR.values()
        for variant in ([text] if isinstance(text, str) else list(text.values()))
    ]
    broken = [text for text in texts if re.search(r" [?!:;»](\s|$)|« |\d \d{3}\b", text)]
    assert (broken, words("fr")("report_issue.issueKind.label")) == (
        [],
        "Qu’est-ce qui ne va pas\u00a0?",
    )
