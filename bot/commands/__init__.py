"""The commands of `constat`. Each is in the file that `COMMANDS` names, and is imported when it is
needed: a command that reads the file must not wait for the libraries of one that runs the bot.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple

import click

NOT_NEEDED = ("numpy", "pandas", "pygments")
"""sqlite-utils imports the first two where they are installed, to store values of their types, and
httpx the third for its own command line. constat uses neither, and would wait 0.1 s for the
imports. `constat week --png` imports numpy later."""


class LazyCommand(NamedTuple):
    """A command that is not imported yet."""

    module: str
    name: str
    """Of the command in its module."""
    short_help: str
    """What the list of all commands says about it."""

    def load(self) -> click.Command:
        with needless_libraries_hidden():
            command = getattr(import_module(self.module), self.name)
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        command.short_help = self.short_help
        return command


COMMANDS: Mapping[str, LazyCommand] = {
    "backup": LazyCommand("bot.commands.backup", "backup", "copy the file beside a running bot"),
    "catalogue": LazyCommand(
        "bot.kare.csv_command", "catalogue", "manage the names of sites and installations"
    ),
    "discard": LazyCommand("bot.commands.decide", "discard", "give reports up"),
    "doctor": LazyCommand(
        "bot.commands.doctor", "doctor", "check settings, tokens, network and database"
    ),
    "forget": LazyCommand(
        "bot.commands.forget", "forget", "erase a person's words, or old reports"
    ),
    "log": LazyCommand("bot.commands.log", "log", "list the reports"),
    "move": LazyCommand("bot.commands.move", "move", "move everything to another database"),
    "retry": LazyCommand("bot.commands.decide", "retry", "send reports again"),
    "serve": LazyCommand("bot.commands.run", "serve", "run the bot in HTTP mode"),
    "settle": LazyCommand("bot.commands.decide", "settle", "count reports as filed"),
    "show": LazyCommand("bot.commands.show", "show", "show one report whole"),
    "socket": LazyCommand("bot.commands.run", "socket", "run the bot in Socket Mode"),
    "week": LazyCommand("bot.commands.week", "week", "count the reports of a week"),
}
"""By the name that is typed."""


@contextmanager
def needless_libraries_hidden() -> Iterator[None]:
    """Let the import of `NOT_NEEDED` fail for a while, unless they were imported before."""
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in NOT_NEEDED if name not in modules]
    modules.update(dict.fromkeys(hidden))  # Python raises ImportError for None
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]
