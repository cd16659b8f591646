"""The counts of a week as a workbook or as a picture."""

from collections.abc import Iterator
from pathlib import Path

from bot.commands.times import Span
from bot.commands.week_counts import Week, with_names
from bot.commands.workbook import write_workbook
from storage.engine import Database

HEAD = ("by", "name", "reports")


def write_xlsx(path: Path, week: Week) -> None:
    """:raises click.ClickException: as `write_workbook`"""
    write_workbook(path, HEAD, rows(week))


def rows(week: Week) -> Iterator[tuple[str, str, int]]:
    """Each count, as a row below `HEAD`."""
    for title, counts in week.by.items():
        for name, n in with_names(title, counts).items():
            yield title, name, n


def write_png(path: Path, db: Database, span: Span, language: str) -> None:
    """Count a week, and draw it. Call it in one transaction.

    :raises click.ClickException: as `write_picture`
    """
    # Only this option needs the words of Slack's messages.
    from blocks.words import words  # noqa: PLC0415
    from bot.commands.week_picture import write_picture  # noqa: PLC0415
    from bot.week_message import view  # noqa: PLC0415

    write_picture(path, words(language), view(db, span))
