"""The packages that are installed, the versions that are pinned, and the entry points."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("blocks", "storage", "bot", "sandbox", "bench", "tests")
INSTALLED = ("blocks", "storage", "bot", "sandbox")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINS = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
WRITTEN = (".py", ".toml", ".txt", ".yml", ".md", ".cfg", ".ini", "Makefile", "run", ".sh")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(requirement: str) -> str:
    """The name in a requirement such as `httpx>=0.28`."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return normal(found[0])


def files() -> Iterator[Path]:
    """Everything that somebody wrote here."""
    for top in (*OURS, ".ci", "deploy", "docs"):
        yield from (path for path in (ROOT / top).rglob("*") if path.name.endswith(WRITTEN))
    yield from (path for path in ROOT.iterdir() if path.name.endswith(WRITTEN) and path.is_file())


def test_every_folder_of_code_is_a_package_that_setuptools_finds() -> None:
    tops = ("bot", "blocks", "storage", "sandbox")
    folders = {path.parent for top in tops for path in (ROOT / top).rglob("*.py")}
    assert folders
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
    assert PROJECT["tool"]["setuptools"]["packages"]["find"] == {
        "include": [f"{top}*" for top in tops]
    }


def test_every_file_that_a_package_reads_is_installed() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]
    left = [
        str(path.relative_to(ROOT))
        for top in INSTALLED
        for path in sorted((ROOT / top).rglob("*"))
        if path.is_file() and path.suffix not in {".py", ".pyc"}
        if not any(
            fnmatch(str(path.relative_to(ROOT / package.replace(".", "/"))), pattern)
            for package, patterns in data.items()
            for pattern in patterns
            if path.is_relative_to(ROOT / package.replace(".", "/"))
        )
    ]
    assert left == []


def test_the_constraints_are_pins_and_nothing_else() -> None:
    assert [line for line in PINS if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_everything_that_is_installed_is_pinned_at_that_version() -> None:
    pins = {normal(name): version for name, _, version in (line.partition("==") for line in PINS)}
    extra = PROJECT["project"]["optional-dependencies"]["dev"]
    waiting = [needed(dependency) for dependency in (*PROJECT["project"]["dependencies"], *extra)]
    installed = {"pip": ""}  # which a virtual environment begins with, and nobody upgrades
    while waiting:
        name = waiting.pop()
        if name not in installed:
            found = distribution(name)
            installed[name] = found.version
            # Those with a marker may be for another Python or system.
            waiting += [
                needed(requirement)
                for requirement in found.requires or ()
                if ";" not in requirement
            ]
    del installed["pip"]
    assert {name: pins.get(name) for name in installed} == installed


def test_no_file_names_where_packages_come_from() -> None:
    # In halves, so that this file does not name them either.
    words = ("index" + "-url", "index" + "_url", "find" + "-links", "trusted" + "-host",
             "pypi" + ".org", "python" + "hosted")  # fmt: skip
    naming = [
        (str(path.relative_to(ROOT)), word)
        for path in files()
        for word in words
        if word in path.read_text("utf-8").lower()
    ]
    assert naming == []


def test_the_entry_points_are_the_commands() -> None:
    assert PROJECT["project"]["scripts"] == {"constat": "bot.cli:main"}
