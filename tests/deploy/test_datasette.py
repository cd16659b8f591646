"""deploy/datasette.yml: its tables, columns and queries are those of the file, and it starts."""

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.times import week_of
from tests.commands.conftest import Run
from tests.commands.conftest import run as run  # noqa: PLC0414 - a fixture
from tests.commands.files import ALICE, BOB, add, file_report, name, refuse, writing
from tests.deploy.checkout import ROOT
from tests.docs.pages import fences

METADATA = ROOT / "deploy/datasette.yml"
DATABASE: dict[str, Any] = yaml.safe_load(METADATA.read_text("utf-8"))["databases"]["constat"]
needs_datasette = pytest.mark.skipif(
    importlib.util.find_spec("datasette") is None, reason="Datasette is not installed"
)


@pytest.fixture
def copy(tmp_path: Path, run: Run) -> Path:
    """A copy of a file with three reports of last week, and one that has waited since."""
    sunday = week_of(date.today() - timedelta(days=7)).end - 3600  # noqa: DTZ011 - the machine's day
    with writing(tmp_path) as db:
        name(db, ALICE, "Alice Durand")
        file_report(db, at=sunday)
        file_report(db, at=sunday - 86_400)
        refuse(db, at=sunday, who=ALICE)
        add(db, at=sunday - 30 * 86_400, who=BOB)
        add(db, at=time.time(), who=BOB)
    (tmp_path / "copy").mkdir()
    assert run("backup", str(tmp_path / "copy/constat.db")).status == 0
    return tmp_path / "copy/constat.db"


def rows(copy: Path, query: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(copy)
    try:
        return db.execute(DATABASE["queries"][query]["sql"]).fetchall()
    finally:
        db.close()


def test_every_table_and_column_that_is_named_exists(copy: Path) -> None:
    db = sqlite3.connect(copy)
    for table, described in DATABASE["tables"].items():
        columns = {row[1] for row in db.execute("select * from pragma_table_info(?)", [table])}
        columns |= {row[0] for row in db.execute("select name from pragma_table_info(?)", [table])}
        named = {*described.get("facets", []), *described.get("columns", {})}
        named |= {described[key] for key in ("label_column", "sort_desc") if key in described}
        assert named - columns == set(), table
    db.close()


def test_what_was_reported_last_week(copy: Path) -> None:
    assert rows(copy, "last_week") == [("report_issue", "filed", 2), ("report_issue", "refused", 1)]


def test_what_is_stuck(copy: Path) -> None:
    assert [(row[0], row[3], row[4]) for row in rows(copy, "stuck")] == [
        (3, "refused", "refused"),
        (4, "waiting", None),
    ]


def test_who_is_waiting(copy: Path) -> None:
    assert [row[:2] for row in rows(copy, "who_waits")] == [(BOB, 2), ("Alice Durand", 1)]
    since = [datetime.fromisoformat(str(row[2])) for row in rows(copy, "who_waits")]
    assert since == sorted(since)


def test_the_page_starts_it_with_these_labels() -> None:
    commands = "\n".join(fences("docs/operating.md", "sh"))
    assert ":/opt/constat/deploy/datasette.yml ." in commands
    assert "serve --immutable constat.db --metadata datasette.yml" in commands


@needs_datasette
@pytest.mark.slow
@pytest.mark.parametrize("query", DATABASE["queries"])
def test_datasette_answers_each_ready_query(copy: Path, query: str) -> None:
    arguments = ("--immutable", str(copy), "--metadata", str(METADATA))
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "datasette", "serve", *arguments,
         "--get", f"/constat/{query}.json?_shape=arrays"],
        check=False, capture_output=True, text=True, env=dict(os.environ),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert [tuple(row) for row in answer["rows"]] == rows(copy, query)
