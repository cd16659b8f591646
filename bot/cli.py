"""The command `constat`.

This file imports no command and no library but click, so that `constat --help` starts at once.
"""

import io
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from bot import log_format
from bot.commands import COMMANDS
from bot.commands.output import one_line
from bot.settings_error import SettingsError
from storage.engine import UnusableDatabaseError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

GROUP = "constat.commands"
"""Entry points of this group are commands of other packages, such as the sandbox."""


class CommandError(click.ClickException):
    """A command failed: one line on stderr for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        for fault in self.faults:
            # A name in it may have characters that a terminal obeys.
            click.echo(f"constat: {one_line(fault)}", err=True)


class WrongSettingsError(CommandError):
    exit_code = 2
    """click uses the same for wrong arguments."""


class Commands(click.Group):
    """The commands of the bot, and those of other packages. Each is imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted({*COMMANDS, *_plugins().names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if command := COMMANDS.get(cmd_name):
            return command.load()
        plugins = _plugins()
        return _loaded(plugins[cmd_name]) if cmd_name in plugins.names else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing those of the bot."""
        rows = [(name, self._short_help(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _short_help(self, ctx: click.Context, name: str) -> str:
        if name in COMMANDS:
            return COMMANDS[name].short_help
        command = self.get_command(ctx, name)
        return command.get_short_help_str() if command else ""

    def invoke(self, ctx: click.Context) -> None:
        """Run a command. Its errors become lines on stderr and an exit status."""
        try:
            super().invoke(ctx)
            if sys.stdout:  # Python has none if the shell closed it
                sys.stdout.flush()
        except SettingsError as error:
            raise WrongSettingsError(error.faults) from error
        except UnusableDatabaseError as error:
            raise CommandError([str(error)]) from error
        except click.UsageError:
            raise
        except click.ClickException as error:
            raise CommandError([error.message]) from error
        except BrokenPipeError:
            # The reader of the output, such as `head`, has enough. Python would report the error
            # once more when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="constat", message="%(prog)s %(version)s")
@click.pass_context
def constat(ctx: click.Context) -> None:
    """Report property-data issues and safety anomalies from Slack.

    All settings are environment variables; docs/settings.md lists them.

    \b
    Example:
      constat socket
    """
    # In the encoding of an old locale, a name or a text may have characters that it lacks.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    # Nobody else may read the database, nor what SQLite writes beside it.
    ctx.call_on_close(partial(os.umask, os.umask(0o077)))
    log_format.set_up(os.environ.get("CONSTAT_LOG", "").strip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and give its exit status."""
    try:
        status = constat.main(arguments, prog_name="constat", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 1
    return status if isinstance(status, int) else 0


def _plugins() -> "EntryPoints":
    # This module takes long to import, and `constat log` needs no plug-in.
    from importlib.metadata import entry_points  # noqa: PLC0415

    return entry_points(group=GROUP)


def _loaded(plugin: "EntryPoint") -> click.Command:
    """A plug-in that cannot be imported must not break the other commands."""
    try:
        command: click.Command = plugin.load()
    except (ImportError, AttributeError) as error:
        reason = f"{plugin.value} cannot be loaded: {error}"

        def fail() -> None:
            raise click.ClickException(reason)

        return click.Command(plugin.name, callback=fail, short_help="(cannot be loaded)")
    return command
