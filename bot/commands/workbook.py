"""A list as a workbook for a spreadsheet program (.xlsx)."""

import io
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""
LONGEST_TEXT = 32_767
"""Characters of a cell."""
REMEDY = f"--xlsx needs one more package: {sys.executable} -m pip install XlsxWriter"


def write_workbook(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one sheet. A text is never a formula or a link, whatever it begins with.

    :param rows: of texts, numbers, None, and times without a time zone
    :raises click.ClickException: without the package, if the file cannot be written, or if the
        rows do not fit into a sheet
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra, which most installations lack
        from xlsxwriter.exceptions import XlsxWriterException  # noqa: PLC0415
    except ImportError as error:
        raise click.ClickException(REMEDY) from error
    try:
        with path.open("wb") as file:
            # XlsxWriter leaves a ZipFile behind that fails once more if it cannot write its file.
            content = io.BytesIO()
            # With constant_memory a row is written to disk as soon as the next one begins.
            book = xlsxwriter.Workbook(content, {"constant_memory": True})
            _fill(book, head, rows)
            book.close()
            file.write(content.getbuffer())
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    except XlsxWriterException as error:
        raise click.ClickException(f"{path} cannot be written: {error}") from error


def _fill(book: "Workbook", head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet("constat")
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 18)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise click.ClickException(f"a sheet has at most {MOST_ROWS:,} rows; use --csv")
        for column, value in enumerate(row):
            _write(sheet, number, column, value, moment)


def _write(sheet: "Worksheet", row: int, column: int, value: object, moment: Any) -> None:
    match value:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(row, column, value, moment)
        case int() | float():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, str(value)[:LONGEST_TEXT])
