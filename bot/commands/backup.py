"""`constat backup`: a copy of the file beside a running bot."""

from pathlib import Path

import click

from bot.commands.database import load_settings
from bot.commands.output import say
from storage.backup import back_up


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
def backup(file: Path, *, overwrite: bool) -> None:
    """Copy the database into FILE, and check the copy.

    The bot can go on running. Only the owner may read FILE. A FILE that exists is replaced only
    with --overwrite, and only after the copy was checked. The status is 1 if there is no copy, or
    if the audit trail of the copy does not fit.

    \b
    Example:
      constat backup /var/backups/constat.db
    """
    source = load_settings().constat_db
    if not isinstance(source, Path):
        raise click.ClickException(
            f"{source} is copied by PostgreSQL's own program: pg_dump --format=custom"
            f" --file={file} {source}"
        )
    if file.exists() and not overwrite:
        raise click.ClickException(f"{file} exists: choose another name, or give --overwrite")
    if file.exists() and source.exists() and file.samefile(source):
        raise click.ClickException(f"{file} is the database itself")
    if file.exists() and not file.is_file():  # such as /dev/stdout, which would be replaced
        raise click.ClickException(f"{file} is not a file")
    made = back_up(source, file)
    say(f"copied to {file}: reports {made.reports:,}, bytes {made.bytes:,}")
    if not made.audited:
        click.echo("The audit trail was not checked: an older constat wrote the file.", err=True)
    if made.audit_fault:
        raise click.ClickException(f"the copy is whole, but {made.audit_fault}")
