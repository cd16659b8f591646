"""The guides for colleagues name what is on the screen, and no picture is kept for nothing."""

import re
from collections.abc import Iterator

import pytest

from blocks.anomaly.risk import SHIPPED
from blocks.words import words
from tests.docs.pages import PAGES, ROOT

PICTURES = ROOT / "docs" / "pictures"
SLACKS = {"Home", "Accueil"}
"""Names of Slack's own."""


def shown(language: str) -> set[str]:
    """Every text of the catalogue."""
    entries = words(language).texts.values()
    return {
        text
        for entry in entries
        for text in ([entry] if isinstance(entry, str) else entry.values())
    }


def named_in(guide: str) -> Iterator[str]:
    """The names of buttons, options and shortcuts that a guide marks."""
    for name in re.findall(r"\*{1,2}([^*\n]+(?:\n[^*\n]+)?)\*{1,2}", PAGES[guide]):
        if name[0].isupper() and name[-1] != "?":
            yield " ".join(name.split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_guide_names_is_on_the_screen(language: str) -> None:
    named = set(named_in(f"docs/guide.{language}.md")) - SLACKS
    texts = shown(language)
    assert len(named) > 8
    assert [name for name in named if not any(text.startswith(name) for text in texts)] == []


@pytest.mark.parametrize(
    ("language", "risk", "parts"),
    [("en", "[Rr]isk", ("a date", "a place")), ("fr", "[Rr]isque", ("une date", "un lieu"))],
)
def test_a_guide_says_what_each_risk_requires(
    language: str, risk: str, parts: tuple[str, str]
) -> None:
    date, place = parts
    text = " ".join(PAGES[f"docs/guide.{language}.md"].split())
    named = {
        level: [part for part in parts if part in rest]
        for level, rest in re.findall(rf"{risk} (\d)(.*?)(?={risk} \d|\.)", text)
    }
    required = {
        level: [date] * (asked.due == "required") + [place] * (asked.place == "required")
        for level, asked in SHIPPED.items()
    }
    assert named == {level: needed for level, needed in required.items() if needed}


def test_both_guides_have_the_same_parts() -> None:
    english, french = (PAGES[f"docs/guide.{language}.md"] for language in ("en", "fr"))
    assert [line.count("#") for line in english.splitlines() if line.startswith("#")] == [
        line.count("#") for line in french.splitlines() if line.startswith("#")
    ]
    assert english.count("<img") == french.count("<img") == 3


def test_every_picture_is_shown_by_a_page_and_every_page_shows_pictures_that_exist() -> None:
    linked = {
        name for page in PAGES.values() for name in re.findall(r"pictures/([\w-]+\.png)", page)
    }
    assert sorted(linked) == sorted(path.name for path in PICTURES.iterdir())
