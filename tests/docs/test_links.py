"""The links, files, commands and make targets in the documentation exist."""

import re
from collections.abc import Iterator

import click
import pytest

from bot.cli import constat
from tests.docs.pages import PAGES, ROOT, assert_none, code, fences, without_fences

FILE = r"(?:bot|blocks|storage|sandbox|tests|bench|docs)/[\w/.]*|[\w.]+\.(?:md|yml|toml|txt)"
NOT_OURS = {"constat.db", "constat.env"}


def anchors(page: str) -> set[str]:
    """The ids that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", without_fences(PAGES[page]), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: str) -> list[str]:
    """The relative links of a page, pictures included."""
    targets = re.findall(r"\]\(([^)\s]+)\)", without_fences(PAGES[page]))
    return [target for target in targets if not target.startswith("https://")]


def broken(page: str) -> Iterator[str]:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        if not target.exists():
            yield f"{page}: there is no file for {link}"
        elif anchor and anchor not in anchors(str(target.relative_to(ROOT))):
            yield f"{page}: there is no heading for {link}"


def undefined(page: str) -> Iterator[str]:
    """A sentence for each name, such as `Settings` in `bot/settings.py`, that is no class and no
    function of that file.
    """
    for names, path in re.findall(r"`([\w.]+)`\s+in\s+`([\w/]+\.py)`", PAGES[page]):
        source = (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""
        for name in names.split("."):
            if not re.search(rf"^ *(?:class|(?:async )?def) {name}\b", source, re.MULTILINE):
                yield f"{page} places {name} in {path}, which does not define it"


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page: str) -> None:
    assert_none(broken(page))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    named = {text for text in code(PAGES[page]) if re.fullmatch(FILE, text)} - NOT_OURS
    assert_none(
        f"{page} names {name}, which does not exist"
        for name in sorted(named)
        if not (ROOT / name).exists()
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_name_that_a_page_places_in_a_file_is_defined_there(page: str) -> None:
    assert_none(undefined(page))


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    commands = [text for text in code(PAGES[page]) if text.startswith("make ")]
    named = {target for command in commands for target in command.split()[1:]}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert named - set(re.findall(r"^(\w+):", makefile, flags=re.MULTILINE)) == set()


OFFERED = set(constat.list_commands(click.Context(constat)))


def test_every_command_that_a_page_names_exists() -> None:
    examples = "\n".join(
        example for page in PAGES for example in (*code(PAGES[page]), *fences(page))
    )
    named = set(re.findall(r"(?:^|/bin/)constat ([a-z]+)\b", examples, flags=re.MULTILINE))
    assert {"serve", "socket", "log", "try"} - named == set()
    assert named - OFFERED == set()


def test_every_command_is_described_on_a_page() -> None:
    text = "\n".join(PAGES.values())
    assert {"serve", "socket"} - OFFERED == set()
    assert_none(
        f"no page names constat {name}" for name in OFFERED if f"constat {name}" not in text
    )
