"""`--xlsx`: a list as a workbook, which a spreadsheet program opens without computing anything."""

import stat
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.commands.conftest import Run
from tests.commands.files import BOB, ISSUE, T0, add, file_report, name, writing

FORMULAS = ["=1+1", "+33 6 12 34 56 78", "-1", "@SUM(A1)", "https://example.org", "{=1}"]


def cells(path: Path) -> list[tuple[Any, ...]]:
    """The rows of the only sheet. A formula would be a text that begins with `=`, of type f."""
    [sheet] = load_workbook(path).worksheets
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}
    assert not [cell for row in sheet for cell in row if cell.hyperlink]
    return [tuple(cell.value for cell in row) for row in sheet]


def test_the_log_is_a_workbook_with_the_fields_of_the_csv(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        file_report(db, after=60)
        add(db, at=T0 + 120)
    path = tmp_path / "reports.xlsx"
    ended = run("log", "--xlsx", str(path))
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    head, first, second = cells(path)
    assert list(head) == run("log", "--csv").lines[0].split(",")
    filed = dict(zip(head, first, strict=True))
    assert (filed["number"], filed["name"], filed["state"]) == (1, "Bob Martin", "filed")
    assert filed["createdAt"] == datetime.fromisoformat("2026-11-24T11:00")
    assert filed["changedAt"] == datetime.fromisoformat("2026-11-24T11:01")
    assert filed["nextTry"] is None
    waiting = dict(zip(head, second, strict=True))
    assert waiting["nextTry"] == datetime.fromisoformat("2026-11-24T11:02")


@pytest.mark.parametrize("words", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_a_text(
    tmp_path: Path, run: Run, words: str
) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, words)
        add(db, payload={**ISSUE, "comment": words})
    run("log", "--xlsx", str(tmp_path / "reports.xlsx"))
    head, row = cells(tmp_path / "reports.xlsx")
    assert dict(zip(head, row, strict=True))["name"] == words


def test_the_week_is_a_workbook_of_its_counts(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "=Bob")
        file_report(db)
    run("week", "--of", "2026-11-24", "--xlsx", str(tmp_path / "week.xlsx"))
    assert cells(tmp_path / "week.xlsx") == [
        ("by", "name", "reports"),
        ("kind", "report_issue", 1),
        ("state", "filed", 1),
        ("place", "(no place known)", 1),
        ("person", "=Bob", 1),
    ]


def test_a_filter_and_a_limit_hold_for_a_workbook_too(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        for _ in range(5):
            add(db)
    path = tmp_path / "reports.xlsx"
    run("log", "--state", "waiting", "--limit", "2", "--xlsx", str(path))
    assert [row[0] for row in cells(path)] == ["number", 5, 6]


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "x" * 40_000)
        add(db)
    run("log", "--xlsx", str(tmp_path / "reports.xlsx"))
    head, row = cells(tmp_path / "reports.xlsx")
    assert len(dict(zip(head, row, strict=True))["name"]) == 32_767


def test_only_its_owner_may_read_a_workbook(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    run("log", "--xlsx", str(tmp_path / "reports.xlsx"))
    assert stat.S_IMODE((tmp_path / "reports.xlsx").stat().st_mode) == 0o600


def test_a_workbook_that_cannot_be_written_is_one_line(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    ended = run("log", "--xlsx", str(tmp_path / "missing" / "reports.xlsx"))
    assert ended.status == 1
    assert len(ended.err.splitlines()) == 1
    assert "cannot be written" in ended.err


def test_without_the_extra_the_remedy_is_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path):
        pass
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ended = run("log", "--xlsx", str(tmp_path / "reports.xlsx"))
    assert (ended.status, ended.err) == (
        1,
        f"constat: --xlsx needs one more package: {sys.executable} -m pip install XlsxWriter\n",
    )
