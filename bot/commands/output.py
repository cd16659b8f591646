"""What the commands print: tables for people, JSON and CSV for programs."""

import csv
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet computes a cell that begins with one of these."""


def format_options(command: F) -> F:
    """The options `--json` and `--csv`. A command gets them as `as_json` and `as_csv`."""
    command = click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header.")(
        command
    )
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")(
        command
    )


def xlsx_option(command: F) -> F:
    """The option `--xlsx`. A command gets it as `xlsx`, a path or None."""
    return click.option(
        "--xlsx", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
        help="Write a workbook. It needs the extra xlsx.",
    )(command)  # fmt: skip


@contextmanager
def to_stdout() -> Iterator[TextIO]:
    """Print to stdout. A reader that closes the pipe, such as `head`, ends the command with 0."""
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


def one_line(text: str) -> str:
    """A text on one line, without the control characters that a terminal would obey."""
    return _CONTROL.sub(" ", text).strip()


def cut(text: str, limit: int) -> str:
    """At most so many columns of a terminal. What was cut shows as `…` at the end."""
    text = one_line(text)
    if width(text) <= limit:
        return text
    ends = accumulate(map(_columns, text))
    fits = sum(1 for _ in takewhile(lambda end: end < limit, ends))
    return text[:fits].rstrip() + "…"


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"F", "W"} else 1


def print_table(
    out: TextIO, head: Sequence[str], rows: Sequence[Sequence[object]], *, right: frozenset[int]
) -> None:
    """Columns that are as wide as their widest cell.

    :param right: the columns that are aligned to the right
    """
    cells = [head, *([one_line(str(cell)) for cell in row] for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        padded = [
            " " * (widths[column] - width(cell)) + cell
            if column in right
            else cell + " " * (widths[column] - width(cell))
            for column, cell in enumerate(row)
        ]
        print("  ".join(padded).rstrip(), file=out)


def print_json(out: TextIO, value: object) -> None:
    """One JSON value on one line."""
    print(json.dumps(value, ensure_ascii=False), file=out)


def print_csv(out: TextIO, head: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """CSV with a header. A text that a spreadsheet would compute gets an apostrophe in front."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in head])


def utc(moment: float) -> str:
    """UNIX seconds as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value
