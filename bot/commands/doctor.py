"""`constat doctor`: the faults of this installation, and their remedies."""

import asyncio
import os
from pathlib import Path
from typing import TextIO

import click

from bot import settings as configuration
from bot.commands.check import Check, Level, fault, ok
from bot.commands.file_checks import check_database
from bot.commands.output import one_line, print_json, print_wrapped, to_stdout
from bot.settings import Settings, SettingsError
from storage.address import parse_address


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--fix-hint/--no-fix-hint", "with_remedies", default=True, show_default=True,
    help="Print the remedy below each warning and fault.",
)  # fmt: skip
@click.pass_context
def doctor(context: click.Context, *, as_json: bool, with_remedies: bool) -> None:
    """Check the settings, the tokens, the APIs, the clock and the database.

    It runs beside a bot, files nothing and posts nothing. Each line has the result of one check;
    each warning and each fault has its remedy. The status is 0 if all is well, 1 if there is a
    warning, and 2 if there is a fault.

    \b
    Example:
      constat doctor
    """
    checks = _checks()
    with to_stdout() as out:
        for check in checks:
            if as_json:
                print_json(out, vars(check) | {"level": check.level.name.lower()})
            else:
                _print(out, check, with_remedy=with_remedies)
    context.exit(max(check.level for check in checks))


def _checks() -> list[Check]:
    # Socket Mode needs the app token, and HTTP mode does not.
    mode: configuration.Mode = "socket" if os.environ.get("SLACK_APP_TOKEN") else "serve"
    try:
        settings, config = configuration.load(mode)
    except SettingsError as error:
        remedy = "correct the setting; docs/settings.md lists all"
        checks = [fault("settings", sentence, remedy) for sentence in error.faults]
        return checks + _database_checks(os.environ.get("CONSTAT_DB", ""))
    return [
        ok("settings", f"complete for constat {mode}"),
        *asyncio.run(_network(settings, photos=config.photos)),
        *check_database(settings.constat_db),
    ]


def _database_checks(value: str) -> list[Check]:
    """The checks of the database that CONSTAT_DB names, if there is one."""
    try:
        address = parse_address(value)
    except ValueError:
        return []
    there = not isinstance(address, Path) or address.is_file()
    return check_database(address) if there else []


async def _network(settings: Settings, *, photos: bool) -> list[Check]:
    # Only this command needs Slack's library, which takes long to import.
    from bot.commands import network_checks as checks  # noqa: PLC0415

    scopes = checks.needed_scopes(settings, photos=photos)
    return await checks.check_network(settings, scopes)


_MARKS = {Level.OK: "ok", Level.WARNING: "WARNING", Level.FAULT: "FAULT"}


def _print(out: TextIO, check: Check, *, with_remedy: bool) -> None:
    finding = f"{_MARKS[check.level]:<8} {check.name}: {one_line(check.finding)}"
    print_wrapped(out, finding, indent=9)
    if check.remedy and with_remedy:
        print_wrapped(out, f"{'':<8} -> {check.remedy}", indent=12)
