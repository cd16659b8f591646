"""`constat week --png`: the bars of the picture are the counts of the histories."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import matplotlib as mpl
import matplotlib.image
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from blocks.week import MOST, WeekView
from blocks.words import words
from bot.commands.week_picture import DPI, WIDTH, draw, write_picture
from bot.week_message import view
from tests.bot.test_week_message import WEEK, by_history, fill
from tests.commands.conftest import Run
from tests.commands.files import ALICE, BOB, name, writing

ENGLISH, FRENCH = words("en"), words("fr")


def week(**counts: Sequence[tuple[str, int]]) -> WeekView:
    total = sum(n for _, n in counts.get("person", ()))
    return WeekView(date(2026, 11, 23), date(2026, 11, 29), total, counts, None, None)


def texts(figure: Figure) -> list[list[str]]:
    """The lines of each part of the picture."""
    return [[text.get_text() for text in axes.texts] for axes in figure.axes]


def bars(figure: Figure) -> dict[str, dict[str, float]]:
    """The lengths of the bars, by the heading of their list and the name above each."""
    found = {}
    for axes in figure.axes[1:]:
        lengths = [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]
        lines = [text.get_text() for text in axes.texts]
        numbers, names = lines[1 : 1 + len(lengths)], lines[1 + len(lengths) :]
        assert numbers == [f"{length:,.0f}" for length in lengths]
        found[lines[0]] = dict(zip(names, lengths, strict=True))
    return found


def test_the_bars_are_the_counts_of_the_histories(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        name(db, ALICE, "Alice Durand")
        name(db, BOB, "Bob Martin")
        fill(db)
        drawn = bars(draw(ENGLISH, view(db, WEEK)))
        states, people = by_history(db, "state"), by_history(db, "who")
    assert drawn["By state"] == {ENGLISH(f"state.{state}"): n for state, n in states.items()}
    named = {ALICE: "Alice Durand", BOB: "Bob Martin"}
    assert drawn["By person"] == Counter({named[who]: n for who, n in people.items()})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_command_writes_a_picture_for_a_telephone(
    tmp_path: Path, run: Run, language: str
) -> None:
    with writing(tmp_path) as db:
        fill(db)
    path = tmp_path / "week.png"
    ended = run("week", "--of", "2026-11-24", "--png", str(path), CONSTAT_LANGUAGE=language)
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    height, width, _ = matplotlib.image.imread(path).shape
    assert width == WIDTH * DPI == 2 * 390
    assert height > width


def test_a_week_without_reports_is_a_picture_that_says_so() -> None:
    [lines] = texts(draw(FRENCH, week()))
    assert lines == [
        "Signalements du 23/11/2026 au 29/11/2026",
        "0 signalement",
        "Rien n’est en attente d’envoi.",
    ]


def test_the_smallest_of_many_counts_are_summed_up() -> None:
    places = [(f"Site {number}", 2000 - number) for number in range(100)]
    [_, lines] = texts(draw(FRENCH, week(place=places)))
    assert len(lines) == 1 + 2 * MOST + 1
    assert lines[-1] == FRENCH("week.others", n=90, sum=FRENCH.count(sum(range(1901, 1991))))


@pytest.mark.parametrize("shown", ["W" * 200, "Centre hospitalier " * 9, "i" * 400])
def test_a_name_that_does_not_fit_is_cut(shown: str) -> None:
    figure = draw(ENGLISH, week(place=[(shown, 3)]))
    for axes in figure.axes:
        right = axes.get_window_extent().x1
        assert [text for text in axes.texts if text.get_window_extent().x1 > right] == []
    [name] = bars(figure)["By site or city"]
    assert name.endswith("…")
    assert shown.startswith(name.removesuffix("…"))


@pytest.mark.parametrize(
    "shown", ["a $x_{$ b", "$\\frac{1}$", "数据中心", "🏠", "a\nb\x1b[31m", "\\"]
)
def test_any_name_can_be_drawn(tmp_path: Path, shown: str) -> None:
    write_picture(tmp_path / "week.png", ENGLISH, week(place=[(shown, 3)], person=[(shown, 3)]))
    assert (tmp_path / "week.png").read_bytes().startswith(b"\x89PNG")


def test_the_lists_do_not_cover_each_other() -> None:
    counts = [(f"Name {number}", 40 - number) for number in range(12)]
    figure = draw(ENGLISH, week(kind=counts[:2], state=counts[:7], place=counts, person=counts))
    tops = [axes.get_position().y1 for axes in figure.axes]
    bottoms = [axes.get_position().y0 for axes in figure.axes]
    assert tops[1:] == pytest.approx(bottoms[:-1])
    assert bottoms[-1] > 0
    for axes in figure.axes:
        inside = axes.get_window_extent()
        assert [
            text
            for text in axes.texts
            if not inside.y0 - 1 <= text.get_window_extent().y0 <= inside.y1
        ] == []


def test_settings_of_the_machine_do_not_change_the_picture(tmp_path: Path) -> None:
    given = week(place=[("Lyon", 3)])
    write_picture(tmp_path / "one.png", ENGLISH, given)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "text.usetex": True}):
        write_picture(tmp_path / "other.png", ENGLISH, given)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    path = tmp_path / "nowhere" / "week.png"
    ended = run("week", "--png", str(path))
    assert ended.status == 1
    assert ended.err.startswith(f"constat: {path} cannot be written: ")
    assert len(ended.err.splitlines()) == 1


def test_without_the_package_the_extra_is_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path):
        pass
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    ended = run("week", "--png", str(tmp_path / "week.png"))
    remedy = f"constat: --png needs one more package: {sys.executable} -m pip install matplotlib\n"
    assert (ended.status, ended.err) == (1, remedy)
    assert not (tmp_path / "week.png").exists()
