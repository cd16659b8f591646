"""The command `constat`."""

import asyncio
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import EntryPoint, EntryPoints, entry_points

import click

from bot import log_format
from bot import settings as configuration
from bot.commands import COMMANDS
from bot.kare.csv_command import catalogue
from bot.settings import SettingsError
from storage.database import UnusableDatabaseError

GROUP = "constat.commands"
"""Entry points of this group are commands of other packages, such as the sandbox."""


class CommandError(click.ClickException):
    """A command failed: one line on stderr for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        for fault in self.faults:
            click.echo(f"constat: {fault}", err=True)


class WrongSettingsError(CommandError):
    exit_code = 2
    """click uses the same for wrong arguments."""


class Commands(click.Group):
    """The commands of the bot, and those of other packages, which are imported when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_plugins().names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (command := super().get_command(ctx, cmd_name)) or cmd_name not in _plugins().names:
            return command
        return _loaded(_plugins()[cmd_name])

    def invoke(self, ctx: click.Context) -> None:
        """Run a command. Its errors become lines on stderr and an exit status."""
        try:
            super().invoke(ctx)
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
    # Nobody else may read the database, nor what SQLite writes beside it.
    ctx.call_on_close(partial(os.umask, os.umask(0o077)))
    log_format.set_up(os.environ.get("CONSTAT_LOG", "").strip())


@constat.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=3000, show_default=True,
    help="Port to listen on; 0 is any free one.",
)  # fmt: skip
def serve(host: str, port: int) -> None:
    """HTTP mode: Slack sends requests to this machine.

    Slack needs a public https address that leads here. The command runs until SIGTERM, SIGINT or
    SIGHUP.

    \b
    Example:
      constat serve --host 127.0.0.1 --port 3000
    """
    from bot.asgi_server import ListenError  # noqa: PLC0415 - `constat log` needs no Slack
    from bot.http_server import serve as listen  # noqa: PLC0415

    settings, config = configuration.load("serve")
    _hide_from_bolt()
    try:
        asyncio.run(listen(settings, config, host, port))
    except ListenError as error:
        raise click.ClickException(str(error)) from error


@constat.command()
def socket() -> None:
    """Socket Mode: the bot opens a WebSocket to Slack.

    The machine needs no public address. The command runs until SIGTERM, SIGINT or SIGHUP.

    \b
    Example:
      constat socket
    """
    from bot.socket_mode import listen  # noqa: PLC0415 - `constat log` needs no Slack

    settings, config = configuration.load("socket")
    _hide_from_bolt()
    asyncio.run(listen(settings, config))


for command in COMMANDS:
    constat.add_command(command)
constat.add_command(catalogue)


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


def _hide_from_bolt() -> None:
    """Bolt takes this token from the environment too, and warns that it has a client already."""
    os.environ.pop("SLACK_BOT_TOKEN", None)


def _plugins() -> EntryPoints:
    return entry_points(group=GROUP)


def _loaded(plugin: EntryPoint) -> click.Command:
    """A plug-in that cannot be imported must not break the other commands."""
    try:
        command: click.Command = plugin.load()
    except (ImportError, AttributeError) as error:
        reason = f"{plugin.value} cannot be loaded: {error}"

        def fail() -> None:
            raise click.ClickException(reason)

        return click.Command(plugin.name, callback=fail, short_help="(cannot be loaded)")
    return command
