"""`constat catalogue load`: names of sites and installations from a CSV file."""

import time
from pathlib import Path

import click

from bot import settings as configuration
from bot.kare import csv_import
from bot.kare.csv_import import COLUMNS, InvalidCsvError, Kind
from storage import moves
from storage.catalogue import replace_by_csv
from storage.engine import transaction
from storage.opening import open_database, usable


@click.group()
def catalogue() -> None:
    """Manage the names of sites and installations."""


@catalogue.command(
    epilog=f"""
\b
Columns:
  sites          {", ".join(COLUMNS["sites"])}
                 (id and name are required)
  installations  {", ".join(COLUMNS["installations"])}
                 (technicalInstallationId is required; a row without a siteId
                 names that installation at every site)

\b
Example:
  constat catalogue load --kind sites sites.csv
"""
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice(sorted(COLUMNS)), help="Fail unless the file is of this kind."
)
def load(file: Path, kind: Kind | None) -> None:
    """Import sites or installations from a CSV file. Safe while the bot is running.

    The first line names the columns, in any order, separated by ; or , or tabs. The encoding is
    UTF-8, UTF-16 with a byte order mark, or Windows-1252. The file replaces what was imported of
    the same kind before, and its names take precedence over KARE's. If one line is wrong, nothing
    is imported.
    """
    settings = configuration.load_settings("catalogue")
    try:
        rows = csv_import.read(file.read_bytes(), kind)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from error
    except InvalidCsvError as invalid:
        for line, fault in invalid.faults:
            click.echo(f"constat: {file}, line {line}: {fault}", err=True)
        raise click.exceptions.Exit(1) from invalid
    db = open_database(settings.constat_db)
    try:
        with usable(settings.constat_db, "written"), transaction(db):
            moves.check(db, settings.constat_db)
            imported = replace_by_csv(db, rows, now=time.time())
    finally:
        db.close()
    noun = imported if len(rows) != 1 else imported.removesuffix("s")
    click.echo(f"{len(rows)} {noun} loaded")
