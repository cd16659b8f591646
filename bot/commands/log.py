"""`constat log`: the reports, as a list."""

import time
from dataclasses import replace
from pathlib import Path

import click
from sqlite_utils import Database

from bot.commands.database import load_settings, reading
from bot.commands.describe import FIELDS, HEAD, Describe
from bot.commands.output import (
    format_options,
    print_csv,
    print_json,
    print_table,
    to_stdout,
    xlsx_option,
)
from bot.commands.times import EXAMPLES, Span, SpanType
from bot.commands.workbook import write_workbook
from storage import audit, report_queries
from storage.report_queries import ReportFilter
from storage.states import State

SHOWN = 200
"""Reports in a table, if no limit is given."""
STUCK_AFTER = 3600.0
"""Seconds after which a report that is still not sent counts as stuck."""

HELP = f"""List the reports, oldest first.

Times are in the time zone of this machine. --since and --until take {EXAMPLES}. A table shows the
newest {SHOWN} reports unless --limit is given. --json, --csv and --xlsx give all of them.

\b
Examples:
  constat log --since monday --stuck
  constat log --who jean --text "escalier" --csv > reports.csv
"""


@click.command("log", help=HELP)
@click.option("--since", type=SpanType(), help="Reports from this time on.")
@click.option("--until", type=SpanType(), help="Reports up to this time. A day counts whole.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([str(state) for state in State]),
    help="Reports in this state. Can be given several times.",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND",
    help="Reports of this kind: report_issue or anomaly.",
)  # fmt: skip
@click.option("--who", metavar="NAME", help="Reports of people with this name or Slack id.")
@click.option(
    "--stuck", is_flag=True,
    help="Reports that need somebody: held, refused, unknown, or not sent for an hour.",
)  # fmt: skip
@click.option("--text", metavar="WORDS", default="", help="Reports that contain all these words.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the newest reports, so many.")
@click.option("--verify", is_flag=True, help="Check the audit trail instead. Status 1: changed.")
@format_options
@xlsx_option
@click.pass_context
def log(
    context: click.Context,
    since: Span | None,
    until: Span | None,
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    who: str | None,
    text: str,
    limit: int | None,
    xlsx: Path | None,
    *,
    stuck: bool,
    verify: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    settings = load_settings()
    if verify:
        context.exit(0 if _fits(settings.constat_db) else 1)
    wanted = ReportFilter(
        since=since.begin if since else None,
        until=until.end if until else None,
        states=states,
        kinds=kinds,
        stuck_since=time.time() - STUCK_AFTER if stuck else None,
    )
    with reading(settings.constat_db) as db:
        describe = Describe.from_file(db, settings.constat_language)
        people = describe.people.matching(who) if who else None
        wanted = replace(wanted, people=people, text=describe.search(text))
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
        print_table(out, HEAD, rows, right=frozenset({0}))
    if left_out:
        click.echo(f"These are the newest {SHOWN} reports. --limit shows more.", err=True)


def _fits(path: Path) -> bool:
    """Whether the audit trail is whole. The first row that does not fit is printed."""
    with reading(path) as db:
        fault = next(audit.faults(db), None)
    with to_stdout() as out:
        print(fault or "the history fits", file=out)
    return fault is None
