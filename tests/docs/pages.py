"""The pages of the documentation, and how the tests read them."""

import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    )
}
"""Each page's text, by its path."""


def section(page: str, heading: str) -> str:
    """The text below a heading, up to the next heading of the same level or above.

    :raises ValueError: if the page has no such heading
    """
    found = re.search(rf"^(#+) {re.escape(heading)}$", PAGES[page], flags=re.MULTILINE)
    if found is None:
        raise ValueError(f"{page} has no heading {heading}")
    rest = PAGES[page][found.end() :]
    return re.split(rf"^#{{1,{len(found[1])}}} ", without_fences(rest), flags=re.MULTILINE)[0]


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without the table's own heading."""
    lines = section(page, heading).splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("|"))
    table = "\n".join(lines[start:]).partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def code(text: str) -> list[str]:
    """What is in backquotes, in the order of the text."""
    return re.findall(r"`([^`\n]+)`", without_fences(text))


def fences(page: str, language: str = r"\w*") -> list[str]:
    """The blocks of code, in one language or in all."""
    return re.findall(
        rf"^ *```{language}\n(.*?)^ *```", PAGES[page], flags=re.DOTALL | re.MULTILINE
    )


def without_fences(text: str) -> str:
    """Without blocks of code, whose comments look like headings."""
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)


def assert_none(faults: Iterable[str]) -> None:
    """Fail with every fault on a line of its own; pytest would cut a long list."""
    found = list(faults)
    assert not found, "\n" + "\n".join(found)
