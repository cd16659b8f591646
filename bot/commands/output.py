"""The output of the commands: tables for people, JSON and CSV for programs."""

import csv
import io
import json
import os
import re
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate, takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Characters that turn the direction of the text behind them, and so of the rest of a line."""
_FORMULA = ("=", "+", "-", "@", "\t", "\n")
"""A spreadsheet computes a cell that begins with one of these, or cuts them off and then does."""
NARROWEST = 20
"""Columns of a line of text at least, however narrow the terminal is."""


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


def only_one(**options: object) -> None:
    """:param options: by name; one that was not given is None or False
    :raises click.UsageError: when more than one was given
    """
    if sum(map(bool, options.values())) > 1:
        names = [f"--{name}" for name in options]
        raise click.UsageError(f"give only one of {', '.join(names[:-1])} and {names[-1]}")


@contextmanager
def to_stdout() -> Iterator[TextIO]:
    """Print to stdout. A reader that closes the pipe, such as `head`, ends the command with 0.

    :raises click.ClickException: when the output cannot be written, as on a full disk
    """
    out = _stdout()
    try:
        yield out
        out.flush()
    except BrokenPipeError:
        _write_nowhere()
        raise click.exceptions.Exit(0) from None
    except OSError as error:
        _write_nowhere()
        raise click.ClickException(f"the output cannot be written: {error.strerror}") from error


def say(sentence: str) -> None:
    """Print what was done. The command goes on, whether or not the sentence can be written."""
    out = _stdout()
    try:
        print(sentence, file=out, flush=True)
    except OSError:
        _write_nowhere()


def _stdout() -> TextIO:
    # Python has no stdout if the shell closed it: `constat log >&-`.
    return sys.stdout or io.StringIO()


def _write_nowhere() -> None:
    """Python would complain when it flushes stdout at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_line(text: str) -> str:
    """A text on one line, without the control characters that a terminal would obey."""
    return _CONTROL.sub(" ", _DIRECTION.sub("", text)).strip()


def cut(text: str, limit: int) -> str:
    """At most so many columns of a terminal. A cut text ends with `…`."""
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


def terminal_width() -> int | None:
    """The columns of the terminal, or COLUMNS. None if the output goes somewhere else."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    if not sys.stdout or not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except OSError:  # a terminal of a program that does not say it
        return None


def print_wrapped(out: TextIO, text: str, *, indent: int) -> None:
    """Print a text on as many lines as the terminal needs.

    :param indent: spaces in front of the second and each further line
    """
    columns = terminal_width()
    if columns is None or width(text) <= columns:
        print(text, file=out)
        return
    lines = textwrap.wrap(
        text, max(columns, indent + NARROWEST), subsequent_indent=" " * indent,
        break_long_words=False, break_on_hyphens=False, drop_whitespace=True,
    )  # fmt: skip
    print("\n".join(lines), file=out)


def print_table(
    out: TextIO,
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    right: frozenset[int] = frozenset(),
    below: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Columns that are as wide as their widest cell.

    :param right: the columns that are aligned to the right
    :param below: the columns that stand below their row if the terminal is too narrow for the
        table, and what then stands in front of a cell; `-` is left out there
    """
    cells = [head, *([one_line(str(cell)) for cell in row] for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    columns = terminal_width()
    if columns is None or sum(widths) + 2 * (len(widths) - 1) <= columns:
        below = {}
    for number, row in enumerate(cells):
        padded = [
            _padded(cell, widths[column], right=column in right)
            for column, cell in enumerate(row)
            if column not in below
        ]
        print("  ".join(padded).rstrip(), file=out)
        for column, name in below.items() if number else ():
            if row[column] not in {"", "-"}:
                indent = " " * (widths[0] + 2)
                print_wrapped(out, f"{indent}{name}{row[column]}", indent=len(indent))


def _padded(cell: str, columns: int, *, right: bool) -> str:
    blanks = " " * (columns - width(cell))
    return blanks + cell if right else cell + blanks


def print_json(out: TextIO, value: object) -> None:
    """One JSON value on one line. JSON can write every character in ASCII, if `out` needs it."""
    is_unicode = (out.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=not is_unicode), file=out)


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
    if not isinstance(value, str):
        return "" if value is None else value
    # Python's writer does not quote a carriage return, which ends a row for many readers.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA) else text
