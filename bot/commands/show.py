"""`constat show`: one report with everything that is stored about it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

import click

from bot.commands.arguments import NUMBER
from bot.commands.database import load_settings, reading
from bot.commands.describe import Describe
from bot.commands.output import (
    cut,
    one_line,
    print_json,
    print_table,
    print_wrapped,
    to_stdout,
    utc,
)
from bot.commands.reasons import reason
from bot.commands.times import length, local_to_the_second
from storage import photos, report_queries
from storage.photos import Photo
from storage.report_queries import MessageRow, WholeReport

WIDEST_NAME = 40
"""Columns of a terminal that a name in the history takes at most."""
HELP = """Show one report with its texts, photos, history, calls and messages.

\b
Example:
  constat show 12
"""


@click.command("show", help=HELP)
@click.argument("number", type=NUMBER)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(number: int, *, as_json: bool) -> None:
    settings = load_settings()
    with reading(settings.constat_db) as db:
        whole = report_queries.whole_report(db, number)
        if whole is None:
            raise click.ClickException(f"there is no report {number}")
        describe = Describe.from_file(db, settings.constat_language)
        files = photos.of_report(db, number)
        with to_stdout() as out:
            if as_json:
                print_json(out, _json(whole, describe) | {"photos": [vars(file) for file in files]})
            else:
                _print(out, whole, describe, files)


def _print(out: TextIO, whole: WholeReport, describe: Describe, files: Sequence[Photo]) -> None:
    report = whole.report
    fields = describe.fields(report)
    facts = [
        ("what", fields["what"]),
        ("who", f"{describe.people.name(report.who)} ({report.who})" if report.who else "-"),
        ("when", local_to_the_second(report.created_at)),
        ("state", f"{report.state} since {local_to_the_second(report.changed_at)}"),
        ("reason", fields["reason"] or "-"),
        ("attempts", report.attempts),
        ("reference", report.remote_id or "-"),
    ]
    if report.state == "waiting":
        facts.append(("next try", local_to_the_second(report.next_try)))
    print(f"Report {report.number} ({report.kind}, to {report.api})", file=out)
    _print_facts(out, facts)
    for title, value in (
        ("Content", report.payload),
        ("Answer", whole.answer),
        ("Origin", whole.origin),
    ):
        print(f"\n{title}", file=out)
        _print_facts(out, list(_flat(value)) or [("-", "")])
    if files:
        _print_photos(out, files)
    _print_history(out, whole, describe)
    _print_calls(out, whole)
    _print_messages(out, whole)


def _print_facts(out: TextIO, facts: list[tuple[str, object]]) -> None:
    """A line for each fact. The further lines of a text stand below its first."""
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        lines = [one_line(line) for line in str(value).splitlines()] or [""]
        for shown, line in zip([name, *[""] * len(lines)], lines, strict=False):
            print_wrapped(out, f"  {shown:<{width}}  {line}".rstrip(), indent=width + 4)


def _print_photos(out: TextIO, files: Sequence[Photo]) -> None:
    rows = [
        (photo.file, photo.name, photo.state, str(photo.cause.get("why", "-")), photo.target or "-")
        for photo in files
    ]
    head = ("file", "name", "state", "reason", "belongs to")
    _print_section(out, "Photos", head, rows, below={1: "", 3: ""})


def _print_history(out: TextIO, whole: WholeReport, describe: Describe) -> None:
    rows = [
        (
            local_to_the_second(row.at),
            row.state,
            cut(describe.people.distinct_name(row.who), WIDEST_NAME),
            reason(row.cause),
        )
        for row in whole.history
    ]
    _print_section(out, "History", ("when", "state", "who", "reason"), rows, below={3: ""})


def _print_calls(out: TextIO, whole: WholeReport) -> None:
    rows = [
        (
            local_to_the_second(call.at),
            call.api,
            f"{call.method} {call.path}",
            call.status or call.error or "-",
            length(call.milliseconds / 1000),
        )
        for call in whole.calls
    ]
    head = ("when", "API", "request", "answer", "took")
    _print_section(out, "Calls", head, rows, right=frozenset({4}), below={2: ""})


def _print_messages(out: TextIO, whole: WholeReport) -> None:
    rows = [
        (local_to_the_second(message.at), message.what, link(message)) for message in whole.messages
    ]
    _print_section(out, "Messages", ("when", "what", "link"), rows, below={2: ""})


def _print_section(
    out: TextIO,
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    right: frozenset[int] = frozenset(),
    below: Mapping[int, str],
) -> None:
    print(f"\n{title}", file=out)
    if rows:
        print_table(out, head, rows, right=right, below=below)
    else:
        print("  -", file=out)


def link(message: MessageRow) -> str:
    """The address of a message, which Slack leads to the workspace that the reader is in."""
    base = f"https://slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread_ts is None:
        return base
    return f"{base}?thread_ts={message.thread_ts}&cid={message.channel}"


def _json(whole: WholeReport, describe: Describe) -> dict[str, object]:
    return describe.fields(whole.report) | {
        "payload": whole.report.payload,
        "answer": whole.answer,
        "origin": whole.origin,
        "history": [
            {"at": utc(row.at), "who": row.who, "state": row.state, "cause": row.cause}
            for row in whole.history
        ],
        "calls": [vars(call) | {"at": utc(call.at)} for call in whole.calls],
        "messages": [
            vars(message) | {"at": utc(message.at), "link": link(message)}
            for message in whole.messages
        ],
    }


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, object]]:
    """Each value of a JSON object with its way there, such as `anomalies.1.title`."""
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = [(str(number), part) for number, part in enumerate(value, 1)]
    else:
        yield name, value
        return
    for key, part in parts:
        yield from _flat(part, f"{name}.{key}" if name else key)
