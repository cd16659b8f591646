"""docs/architecture.md: who may import whom, and how large files and functions may be."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from tests.docs.pages import PAGES, ROOT, assert_none, code, rows, section

PAGE = "docs/architecture.md"
LIMITED = ("blocks", "storage", "bot")
"""The packages whose files and functions have limits."""
PACKAGES = (*LIMITED, "sandbox", "bench", "tests")
Rules = dict[str, set[str]]
"""Folders that a file or a folder may import, by its name in the table."""


def rules() -> Rules:
    table = rows(PAGE, "Who may import whom")
    return {code(importer)[0]: set(code(allowed)) for importer, allowed in table}


def limit(sentence: str) -> int:
    """The number in a sentence of the page, which has `{}` in the place of the number."""
    pattern = re.escape(sentence).replace(re.escape("{}"), r"(\d+)")
    found = re.search(pattern, section(PAGE, "Who may import whom"))
    assert found is not None, f"{PAGE} does not say: {sentence}"
    return int(found[1])


def files(*packages: str) -> list[str]:
    """The Python files of packages, as paths from the root."""
    found = chain.from_iterable((ROOT / package).rglob("*.py") for package in packages)
    return sorted(str(path.relative_to(ROOT)) for path in found)


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text("utf-8"))


def file_of(module: str) -> str | None:
    """The file of one of our modules; None if there is no such module."""
    base = module.replace(".", "/")
    for path in (f"{base}.py", f"{base}/__init__.py"):
        if (ROOT / path).is_file():
            return path
    return None


@cache
def imports(path: str) -> frozenset[str]:
    """The files of ours that a file imports, anywhere in it."""
    found: set[str | None] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {file_of(name.name) for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{path} has a relative import"
            assert not node.level, f"{path} has a relative import"
            found |= {
                file_of(f"{node.module}.{name.name}") or file_of(node.module) for name in node.names
            }
    return frozenset(name for name in found if name and name.startswith(PACKAGES))


def may_import(importer: str, allowed: Rules) -> tuple[str, set[str]]:
    """The folder of a file with its subfolders' mark, and the folders that the file may import."""
    folder = str(Path(importer).parent)
    below = [name for name in allowed if name.endswith("/") and f"{folder}/".startswith(name)]
    own = below[0] if below else folder
    return own, allowed.get(importer, allowed.get(own, set()))


def is_in(path: str, folder: str) -> bool:
    return path.startswith(folder) if folder.endswith("/") else str(Path(path).parent) == folder


def forbidden() -> Iterator[str]:
    """A sentence for each import that the table does not allow."""
    allowed = rules()
    for path in files(*LIMITED, "sandbox"):
        own, folders = may_import(path, allowed)
        for imported in sorted(imports(path)):
            if not any(is_in(imported, folder) for folder in {own, *folders}):
                yield f"{path} may not import {imported}"


def lengths(path: str) -> Iterator[tuple[str, int]]:
    """The name and the number of lines of each function of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def circles() -> Iterator[str]:
    """A sentence for each file that imports itself by way of others."""
    for path in files(*LIMITED):
        reached: set[str] = set()
        waiting = list(imports(path))
        while waiting:
            other = waiting.pop()
            if other not in reached:
                reached.add(other)
                waiting += imports(other)
        if path in reached:
            yield f"{path} imports itself by way of other files"


def test_every_import_is_one_that_the_table_allows() -> None:
    assert_none(forbidden())


def test_every_row_of_the_table_names_a_file_or_folder() -> None:
    names = set(rules()) | set(chain.from_iterable(rules().values()))
    assert_none(
        f"the table has a row for {name}, which does not exist"
        for name in sorted(names)
        if not (ROOT / name).exists()
    )


def test_every_folder_has_a_row_in_the_table() -> None:
    table = rules()
    folders = {str(Path(path).parent) for path in files(*LIMITED)}
    assert_none(f"{folder} has no row in the table" for folder in sorted(folders - table.keys()))


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert_none(circles())


def test_no_file_imports_too_many_of_our_modules() -> None:
    most = limit("A file imports at most {} of our own modules.")
    counts = {path: len(imports(path)) for path in files(*LIMITED)}
    over = {path: n for path, n in counts.items() if n > most}
    page = section(PAGE, "Who may import whom")
    still = re.search(r"\w+ files? still imports? more[^.]*:([^.]|\.py)*\.", page)
    named = code(still[0]) if still else []
    assert sorted(named) == sorted(over), f"files that import more than {most}: {over}"


def test_no_file_has_too_many_lines() -> None:
    most = limit("A file has at most {} lines.")
    counts = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in files(*LIMITED)}
    assert_none(f"{path} has {n} lines" for path, n in counts.items() if n > most)


def test_no_function_has_too_many_lines() -> None:
    most = limit("A function has at most {} lines.")
    assert_none(
        f"{name} in {path} has {count} lines"
        for path in files(*LIMITED)
        for name, count in lengths(path)
        if count > most
    )


def test_the_page_describes_every_package() -> None:
    table = rows(PAGE, "Packages")
    assert {code(row[0])[0] for row in table} == {f"{package}/" for package in PACKAGES}


def test_the_glossary_is_in_alphabetical_order() -> None:
    words = [row[0].lower() for row in rows(PAGE, "Glossary")]
    assert words == sorted(words)


def test_the_page_says_where_a_question_of_each_form_goes() -> None:
    headings = re.findall(r"^### A question for `(/[\w-]+)`$", PAGES[PAGE], flags=re.MULTILINE)
    manifest = (ROOT / "manifest.yml").read_text("utf-8")
    assert sorted(headings) == sorted(re.findall(r"- command: (\S+)", manifest))
