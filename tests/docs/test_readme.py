"""README.md is short, and leads to all other pages."""

import re

from tests.docs.pages import PAGES, code, section

README = PAGES["README.md"]


def test_the_readme_has_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


def test_the_readme_has_at_most_9000_characters() -> None:
    assert len(README) <= 9000


def test_the_readme_shows_a_picture_before_its_first_section() -> None:
    assert "![" in README.partition("\n## ")[0]


def test_every_picture_has_a_description() -> None:
    descriptions = re.findall(r"!\[([^\]]*)\]", README)
    assert [text for text in descriptions if len(text) < 10] == []


def test_the_readme_links_to_every_page() -> None:
    links = re.findall(r"\]\(([^)#]+)", section("README.md", "Documentation"))
    assert sorted(links) == sorted(PAGES.keys() - {"README.md"})


def test_the_readme_says_how_to_try_and_how_to_test() -> None:
    targets = [text for text in code(section("README.md", "Try it")) if text.startswith("make ")]
    assert targets == ["make try", "make test"]


def test_a_real_workspace_takes_five_steps() -> None:
    steps = re.findall(
        r"^(\d)\. \*\*", section("README.md", "Set it up in your workspace"), re.MULTILINE
    )
    assert steps == ["1", "2", "3", "4", "5"]
