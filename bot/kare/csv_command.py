"""`constat catalogue load`: lists that KARE does not give us, and names for translation keys."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from bot import settings as configuration
from bot.kare import csv_import
from bot.kare.csv_import import COLUMNS, InvalidCsvError
from storage import catalogue
from storage.database import open_database, usable

HELP = f"""Load a CSV of sites or of installations, beside a running bot too.

  sites          columns {", ".join(COLUMNS["sites"])}; id and name are needed
  installations  columns {", ".join(COLUMNS["installations"])}; a row without a
                 siteId gives its name to that installation at every site

The first line names the columns, in any order, divided by ; or , or tabs. The file is UTF-8,
UTF-16 with its mark, or Windows-1252. It takes the place of what was loaded of its kind before,
and its names go before KARE's. If any line is wrong, nothing is loaded."""


def add(commands: Any) -> None:
    parser = commands.add_parser("catalogue", help="load names of sites and installations")
    actions = parser.add_subparsers(required=True, metavar="action")
    load = actions.add_parser(
        "load",
        help="load a CSV of sites or installations",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    load.add_argument("file", type=Path)
    load.add_argument("--kind", choices=sorted(COLUMNS), help="refuse a file that is not of it")
    load.set_defaults(run=_load)


def _load(chosen: argparse.Namespace) -> int:
    settings, _ = configuration.load("catalogue")
    path, now = settings.constat_db, time.time()
    try:
        rows = csv_import.read(chosen.file.read_bytes(), chosen.kind)
    except OSError as error:
        print(f"constat: {chosen.file} cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    except InvalidCsvError as invalid:
        for line, fault in invalid.faults:
            print(f"constat: {chosen.file}, line {line}: {fault}", file=sys.stderr)
        return 1
    db = open_database(path)
    try:
        with usable(path, "written"), db.atomic():
            kind = catalogue.replace_by_csv(db, rows, now=now)
    finally:
        db.close()
    print(f"{len(rows)} {kind} loaded")
    return 0
