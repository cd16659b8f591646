"""A command imports what it needs and no more, so that the answer to a question is there at once.

The libraries that talk to Slack, serve HTTP or draw take longer to import than any question takes
to answer from a file of 100,000 reports.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.commands import COMMANDS
from tests.commands.files import add, writing
from tests.docs.test_project import PROJECT, needed, normal

READING = ("click", "pydantic", "sqlite-utils")
"""What a command needs that only reads the file."""
AT_START = {"constat", "setuptools"}
"""Python imports parts of them when it starts, if constat is installed from its folder."""
SLOW = {"asyncio", "bot.config", "bot.slack", "bot.delivery"}
"""Modules of Python and of ours that take long to import, or import others."""

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "IMMOTEUR_TOKEN": "imt_1",
}
"""The settings that a bot must have."""

PROCESS = """
import sys
from bot.cli import main
status = main(sys.argv[1:])
print(*sys.modules, sep="\\n", file=sys.stderr)
sys.exit(status)
"""


def with_needed(*names: str) -> set[str]:
    """The packages of these names, and those that they need."""
    waiting, found = list(names), set[str]()
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            requires = distribution(name).requires or ()
            waiting += [needed(requirement) for requirement in requires if ";" not in requirement]
    return found


def imported(
    arguments: Sequence[str],
    file: Path,
    settings: Mapping[str, str] = MappingProxyType({}),
    status: int = 0,
) -> set[str]:
    """The modules that are there when a command has ended in a process of its own.

    :param status: how the command has to end
    """
    ended = subprocess.run(  # noqa: S603 - arguments of this file
        [sys.executable, "-c", PROCESS, *arguments],
        env={"PATH": os.environ["PATH"], "CONSTAT_DB": str(file), **settings},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == status, ended.stderr
    return set(ended.stderr.splitlines())


def packages(modules: Iterable[str]) -> set[str]:
    """The installed packages that modules are of."""
    by_module = packages_distributions()
    tops = {module.partition(".")[0] for module in modules}
    return {normal(name) for top in tops for name in by_module.get(top, ())}


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--version",), ("click",)),
        (("--help",), ("click",)),
        (("log", "--stuck"), READING),
        (("week",), READING),
    ],
    ids=" ".join,
)
def test_a_command_imports_no_library_that_it_does_not_need(
    tmp_path: Path, arguments: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    with writing(tmp_path) as db:
        add(db)
    modules = imported(arguments, tmp_path / "constat.db")
    assert packages(modules) - with_needed(*allowed) - AT_START == set()
    assert modules & SLOW == set()
    commands = {command.module for command in COMMANDS.values()}
    assert modules & commands <= {f"bot.commands.{arguments[0]}"}


@pytest.mark.parametrize("command", ["serve", "socket"])
def test_a_bot_imports_no_library_that_constat_does_not_depend_on(
    tmp_path: Path, command: str
) -> None:
    """sqlite-utils would import numpy, which the extra `plot` installs."""
    dependencies = [needed(requirement) for requirement in PROJECT["project"]["dependencies"]]
    # A folder cannot be opened as the database, which a bot does after its imports.
    modules = imported([command], tmp_path, SETTINGS, status=1)
    assert "bot.app" in modules
    assert packages(modules) - with_needed(*dependencies) - AT_START == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_the_name_that_is_typed(name: str) -> None:
    assert COMMANDS[name].load().name == name
