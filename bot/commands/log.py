"""`constat log`: the reports, as a list."""

from pathlib import Path
from typing import Any

import click

from bot.commands.arguments import NUMBER
from bot.commands.database import Database, DatabaseAddress, load_settings, reading
from bot.commands.describe import BELOW, FIELDS, HEAD, Describe
from bot.commands.log_filter import TIMES, filter_of, filter_options
from bot.commands.output import (
    format_options,
    only_one,
    print_csv,
    print_json,
    print_table,
    to_stdout,
    xlsx_option,
)
from bot.commands.workbook import write_workbook
from storage import audit, report_queries
from storage.report_queries import ReportFilter

SHOWN = 200
"""Reports in a table, if no limit is given."""

HELP = f"""List the reports, oldest first.

{TIMES} A table shows the newest {SHOWN} reports unless --limit is given. --json, --csv and --xlsx
give all of them.

\b
Examples:
  constat log --since monday --stuck
  constat log --who jean --text "escalier" --csv > reports.csv
"""


@click.command("log", help=HELP)
@filter_options
@click.option("--limit", type=NUMBER, help="Only the newest reports, so many.")
@click.option("--verify", is_flag=True, help="Check the audit trail instead. Status 1: changed.")
@format_options
@xlsx_option
@click.pass_context
def log(
    context: click.Context,
    /,
    limit: int | None,
    xlsx: Path | None,
    *,
    verify: bool,
    as_json: bool,
    as_csv: bool,
    **filters: Any,
) -> None:
    only_one(json=as_json, csv=as_csv, xlsx=xlsx, verify=verify)
    settings = load_settings()
    if verify:
        context.exit(0 if _fits(settings.constat_db) else 1)
    with reading(settings.constat_db) as db:
        describe = Describe.from_file(db, settings.constat_language)
        wanted = filter_of(db, describe.people, **filters)
        if xlsx is not None:
            reports = report_queries.list_reports(db, wanted, limit=limit)
            write_workbook(xlsx, FIELDS, map(describe.workbook_row, reports))
        elif as_json or as_csv:
            _print_fields(db, wanted, limit, describe, as_json=as_json)
        else:
            _print_table(db, wanted, limit, describe)


def _print_fields(
    db: Database, wanted: ReportFilter, limit: int | None, describe: Describe, *, as_json: bool
) -> None:
    reports = report_queries.list_reports(db, wanted, limit=limit)
    with to_stdout() as out:
        if as_json:
            for report in reports:
                print_json(out, describe.fields(report))
        else:
            print_csv(out, FIELDS, (describe.csv_fields(report) for report in reports))


def _print_table(db: Database, wanted: ReportFilter, limit: int | None, describe: Describe) -> None:
    reports = list(report_queries.list_reports(db, wanted, limit=limit or SHOWN + 1))
    left_out = limit is None and len(reports) > SHOWN
    rows = [describe.cells(report) for report in reports[left_out:]]
    with to_stdout() as out:
        print_table(out, HEAD, rows, right=frozenset({0}), below=BELOW)
    if not rows:
        click.echo("no report matches", err=True)
    if left_out:
        click.echo(f"These are the newest {SHOWN} reports. --limit shows more.", err=True)


def _fits(address: DatabaseAddress) -> bool:
    """Whether the audit trail is whole. The first row that does not fit is printed."""
    with reading(address) as db:
        fault = next(audit.faults(db), None)
    with to_stdout() as out:
        print(fault or "the history fits", file=out)
    return fault is None
