"""The week as a picture: a bar for each count, one below the other, for a screen of 390 pixels."""

import bisect
import logging
import sys
import textwrap
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocks.week import LISTS, MOST, Unsent, WeekView, day, filed_after, named, others, title_of
from blocks.words import Words
from bot.commands.output import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

REMEDY = f"--png needs one more package: {sys.executable} -m pip install matplotlib"
WIDTH, DPI = 3.9, 200
"""Inches, and pixels of an inch. A telephone that is 390 points wide has two pixels in a point."""
MARGIN, LINE, ROW = 0.15, 0.17, 0.36
"""Inches: around everything, of a line of text, and of a bar with its name above it."""
LINE_LENGTH = 56
"""Characters of a line of the head."""
INK, BAR = "#1d1c1d", "#1264a3"


def write_picture(path: Path, words: Words, week: WeekView) -> None:
    """Write a week as a PNG file.

    :raises click.ClickException: without the package, or if the file cannot be written
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra, which most installations lack
    except ImportError as error:
        raise click.ClickException(REMEDY) from error
    # It complains of a home folder that it cannot write, which a service does not have.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # whatever a matplotlibrc of the machine says
        # Its font has no Chinese letters and no emoji. They are drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = draw(words, week)
        try:
            with path.open("wb") as file:
                figure.savefig(file, format="png", metadata={"Software": None})
        except OSError as error:
            raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error


def draw(words: Words, week: WeekView) -> "Figure":
    """One set of axes for the head, and one for each list that is not empty."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - an extra
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    head = list(_head(words, week))
    lists = [name for name in LISTS if week.counts.get(name)]
    heights = [LINE * (len(head) + 1)]
    for name in lists:
        counts = week.counts[name]
        heights.append(2 * LINE + ROW * min(len(counts), MOST) + LINE * (len(counts) > MOST))
    height = sum(heights) + 2 * MARGIN
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)  # keeps what measures texts; another canvas makes it for each text anew
    top = height - MARGIN
    for name, part in zip(["", *lists], heights, strict=True):
        place = (MARGIN / WIDTH, (top - part) / height, 1 - 2 * MARGIN / WIDTH, part / height)
        axes = figure.add_axes(place)
        axes.set_axis_off()
        axes.set_ylim(part, 0)  # inches from the top
        if name:
            _draw_list(axes, words, name, week)
        else:
            _draw_head(axes, head)
        top -= part
    return figure


def _head(words: Words, week: WeekView) -> Iterator[str]:
    sentences = [title_of(words, week), words("week.reports", n=week.total)]
    if week.filed_after is not None:
        sentences.append(filed_after(words, week.filed_after))
    sentences.append(_unsent(words, week.unsent))
    for sentence in sentences:
        yield from textwrap.wrap(one_line(sentence), LINE_LENGTH)


def _unsent(words: Words, unsent: Unsent | None) -> str:
    if unsent is None:
        return words("week.nothing_unsent")
    return words(
        "week.unsent",
        number=words("week.number", number=unsent.number),
        who=unsent.who or words("week.nobody"),
        at=day(words, datetime.fromtimestamp(unsent.created_at).astimezone()),
        state=words(f"state.{unsent.state}"),
    )


def _draw_head(axes: "Axes", lines: list[str]) -> None:
    for number, line in enumerate(lines):
        _write(axes, line, (number + 0.5) * LINE, bold=number == 0)


def _draw_list(axes: "Axes", words: Words, name: str, week: WeekView) -> None:
    counts = week.counts[name]
    rows = named(words, name, counts[:MOST])
    _write(axes, words(f"week.by.{name}"), LINE, bold=True)
    begin = 1.6 * LINE
    middles = [begin + ROW * (number + 0.72) for number in range(len(rows))]
    bars = axes.barh(middles, [n for _, n in rows], height=0.3 * ROW, color=BAR)
    axes.set_xlim(0, 1.15 * max(n for _, n in rows))  # room for the number behind the longest bar
    numbers = [words.count(n) for _, n in rows]
    axes.bar_label(bars, numbers, padding=3, color=INK, fontsize=8)
    for (shown, _), middle in zip(rows, middles, strict=True):
        _write(axes, one_line(shown), middle - 0.42 * ROW)
    if rest := others(words, counts):
        _write(axes, rest, begin + ROW * len(rows) + 0.5 * LINE)


def _write(axes: "Axes", line: str, y: float, *, bold: bool = False) -> None:
    """Write a line at the left edge. What does not fit is cut.

    :param y: inches from the top of the axes, of the middle of the line
    """
    text: Text = axes.text(
        0, y, line, transform=axes.get_yaxis_transform(), verticalalignment="center", color=INK,
        fontsize=9, fontweight="bold" if bold else "normal", parse_math=False,
    )  # fmt: skip
    room = axes.get_window_extent().width

    def is_too_wide(length: int) -> bool:
        text.set_text(_cut(line, length))
        return bool(text.get_window_extent().width > room)

    if text.get_window_extent().width > room:
        too_long = bisect.bisect_left(range(len(line)), x=True, lo=1, key=is_too_wide)
        text.set_text(_cut(line, too_long - 1))


def _cut(line: str, length: int) -> str:
    return f"{line[:length].rstrip()}…"
