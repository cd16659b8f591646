"""`constat week`: the reports of a week, and the time until they were filed."""

import re
import statistics
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

import click

from bot.commands.database import load_settings, reading
from bot.commands.describe import Describe
from bot.commands.output import (
    cut,
    only_one,
    print_csv,
    print_json,
    print_table,
    print_wrapped,
    to_stdout,
    utc,
    xlsx_option,
)
from bot.commands.times import Span, SpanType, length, local, week_of
from bot.commands.week_counts import Week, count, with_names
from bot.commands.week_files import HEAD, rows, write_png, write_xlsx
from storage.report_queries import ReportRow

MOST = 15
"""Lines of each table."""

HELP = """Count the reports of a week, from Monday to Sunday.

Without --of, it is the last week that is over. Reports count in the week in which they were sent.
A report about several places counts once for each place.

\b
Examples:
  constat week
  constat week --of today
  constat week --of 2026-11-23 --json
  constat week --post C012AB3CD
  constat week --png week.png
"""

CHANNEL = re.compile("[CG][A-Z0-9]{2,}")


def _channel(_: click.Context, __: click.Parameter, channel: str | None) -> str | None:
    """:raises click.BadParameter: for a name: names of channels change, and ids do not"""
    if channel is not None and not CHANNEL.fullmatch(channel):
        raise click.BadParameter(
            "use the id of a channel, such as C012AB3CD (at the end of the channel's details)"
        )
    return channel


@click.command("week", help=HELP)
@click.option("--of", "day", type=SpanType(), help="A day of the week that is meant.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the counts as CSV with a header.")
@click.option(
    "--post", metavar="CHANNEL", callback=_channel,
    help="Post the week in this channel of Slack. It needs SLACK_BOT_TOKEN.",
)  # fmt: skip
@click.option("--again", is_flag=True, help="Post it even if it was posted there before.")
@xlsx_option
@click.option(
    "--png", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="Write a picture. It needs the extra plot.",
)  # fmt: skip
def week(
    day: Span | None, post: str | None, xlsx: Path | None, png: Path | None, *, as_json: bool,
    as_csv: bool, again: bool,
) -> None:  # fmt: skip
    only_one(json=as_json, csv=as_csv, post=post, xlsx=xlsx, png=png)
    settings = load_settings()
    if day is None:
        meant = datetime.now().astimezone() - timedelta(days=7)
    else:
        meant = datetime.fromtimestamp(day.begin).astimezone()
    span = week_of(meant.date())
    if post is not None:
        # Only this option needs asyncio, which takes long to import.
        from bot.commands.week_channel import post as post_to  # noqa: PLC0415

        post_to(settings, post, span, again=again)
        return
    if png is not None:
        with reading(settings.constat_db) as db:
            write_png(png, db, span, settings.constat_language)
        return
    with reading(settings.constat_db) as db:
        describe = Describe.from_file(db, settings.constat_language)
        found = count(db, span, describe.people)
    if xlsx is not None:
        write_xlsx(xlsx, found)
        return
    with to_stdout() as out:
        if as_csv:
            print_csv(out, HEAD, (dict(zip(HEAD, row, strict=True)) for row in rows(found)))
        elif as_json:
            print_json(out, _json(found, describe))
        else:
            _print(out, found, describe)


def _print(out: TextIO, found: Week, describe: Describe) -> None:
    last = local(found.span.end - 1)[:10]
    print(f"Week from {local(found.span.begin)[:10]} to {last}", file=out)
    print(f"Reports: {found.total:,}", file=out)
    if found.filed_after:
        median, worst = statistics.median(found.filed_after), found.filed_after[-1]
        print(f"Until filed: median {length(median)}, worst {length(worst)}", file=out)
    print_wrapped(out, f"Oldest unsent: {_unsent(found.oldest_unsent, describe)}", indent=2)
    for title, counts in found.by.items():
        if counts:
            _print_counts(out, title, counts)


def _print_counts(out: TextIO, title: str, counts: Mapping[str, int]) -> None:
    """The largest counts, and the sum of the others."""
    largest = list(with_names(title, counts).items())[:MOST]
    rows = [(cut(name, 60), f"{n:,}") for name, n in largest]
    others = list(counts.values())[MOST:]
    if others:
        rows.append((f"({len(others):,} others)", f"{sum(others):,}"))
    print(file=out)
    print_table(out, (title, "reports"), rows, right=frozenset({1}))


def _unsent(report: ReportRow | None, describe: Describe) -> str:
    if report is None:
        return "none"
    number, when, who, what, state, reason, _ = describe.cells(report)
    why = "" if reason == "-" else f": {reason}"
    return f"no. {number} of {when} by {who}: {what} ({state}{why})"


def _json(found: Week, describe: Describe) -> dict[str, object]:
    oldest = found.oldest_unsent
    return {
        "from": utc(found.span.begin),
        "to": utc(found.span.end),
        "reports": found.total,
        **{title: with_names(title, counts) for title, counts in found.by.items()},
        "medianSeconds": statistics.median(found.filed_after) if found.filed_after else None,
        "worstSeconds": found.filed_after[-1] if found.filed_after else None,
        "oldestUnsent": describe.fields(oldest) if oldest else None,
    }
