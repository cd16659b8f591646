"""docs/performance.md is what `make bench` writes."""

from pathlib import Path

from bench import table
from bench.goals import goals, judged
from bench.plan import Plan
from bench.results import FIGURES, Results
from tests.docs.pages import PAGES, ROOT

PAGE = PAGES["docs/performance.md"]
PLAN = Plan()


def first_cells(head: str) -> list[str]:
    """The first cell of each row of the table that begins with these characters."""
    lines = PAGE.partition(f"\n{head}")[2].partition("\n\n")[0].splitlines()[2:]
    return [line.strip("| ").partition(" | ")[0] for line in lines]


def test_the_page_has_one_place_for_the_tables() -> None:
    assert PAGE.count(table.BEGIN) == 1
    assert PAGE.count(table.END) == 1


def test_make_bench_writes_this_page() -> None:
    assert "-m bench --write docs/performance.md" in (ROOT / "Makefile").read_text("utf-8")


def test_the_page_has_every_figure() -> None:
    first, second = f"{PLAN.remembered:,}", f"{2 * PLAN.remembered:,}"
    titles = [
        f"{figure.title.format(first=first, second=second)}, {figure.unit}"
        for figure in FIGURES.values()
    ]
    assert first_cells("| | ") == titles


def test_the_page_has_every_goal() -> None:
    shown = [cell.partition(":")[0] for cell in first_cells("| goal ")]
    assert shown == [goal.words for goal in goals()]


def test_the_tables_replace_the_older_ones_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{table.BEGIN}\n\nolder\n\n{table.END}\n\nafter\n", "utf-8")
    results = Results({"start": {"constat": [0.5]}})
    text = table.text(results, judged(results), PLAN)
    table.write(page, text)
    expected = f"before\n\n{table.BEGIN}\n\n{text}\n\n{table.END}\n\nafter\n"
    assert page.read_text("utf-8") == expected


def test_a_page_without_a_place_gets_the_tables_at_its_end(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n", "utf-8")
    table.write(page, "tables")
    expected = f"before\n\n{table.BEGIN}\n\ntables\n\n{table.END}\n"
    assert page.read_text("utf-8") == expected


def test_a_page_that_does_not_exist_is_made(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    table.write(page, "tables")
    assert page.read_text("utf-8") == f"{table.BEGIN}\n\ntables\n\n{table.END}\n"
