"""`constat move`: from a file to a server, or back."""

import click

from bot.commands.database import load_settings
from bot.commands.output import say
from storage.address import DatabaseAddress, PostgresAddress, parse_address
from storage.move import move as move_all
from storage.moves import MoveRefusedError


def _address(_: click.Context, __: click.Parameter, value: str) -> DatabaseAddress:
    try:
        return parse_address(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--to", "target", required=True, metavar="DATABASE", callback=_address,
    help="The path of a new file, or the address of an empty PostgreSQL database.",
)  # fmt: skip
def move(target: DatabaseAddress) -> None:
    """Move everything from the database of CONSTAT_DB into DATABASE.

    Stop every bot first. Every table is compared, and the audit trail of the copy is checked. Then
    the old database is marked: no bot starts on it any more. If anything fails, it can be used as
    before.

    \b
    Example:
      constat move --to postgresql://constat@db.example/constat
    """
    source = load_settings().constat_db
    if source == target:
        raise click.ClickException(f"{target} is the database itself")
    try:
        moved = move_all(source, target)
    except MoveRefusedError as error:
        raise click.ClickException(str(error)) from error
    rows = sum(moved.rows.values())
    say(f"moved to {target}: reports {moved.rows['reports']:,}, rows {rows:,}")
    setting = target.url if isinstance(target, PostgresAddress) else target
    say(f"Set CONSTAT_DB={setting} before you start the bot.")
