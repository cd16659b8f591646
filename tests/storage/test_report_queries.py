"""Questions about many reports are answered by an index, however many reports there are."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import report_queries, week_queries
from storage.database import open_database
from storage.report_queries import ReportFilter

T0 = 1_795_514_400.0
WEEK = 7 * 86_400.0
Question = Callable[[Database], object]


def listed(**wanted: object) -> Question:
    return lambda db: list(report_queries.list_reports(db, ReportFilter(**wanted), limit=200))  # type: ignore[arg-type]


QUESTIONS: dict[str, Question] = {
    "what is stuck": listed(stuck_since=T0),
    "who is waiting": listed(states=("waiting", "held")),
    "what is refused": listed(states=("refused", "unknown")),
    "the oldest unsent": report_queries.oldest_unsent,
    "the counts of a week": lambda db: week_queries.count_between(db, T0, T0 + WEEK),
    "how long it took": lambda db: week_queries.seconds_until_filed(db, T0, T0 + WEEK),
    "the places of a week": lambda db: list(week_queries.payloads(db, "anomaly", T0, T0 + WEEK)),
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "constat.db")) as opened:
        yield opened


def whole_scans(plan: Iterable[str]) -> list[str]:
    """The steps of a plan that read all reports."""
    return [
        step
        for step in plan
        if step.startswith("SCAN")
        if "json_each" not in step
        if "reports_unfinished" not in step
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_a_monday_reads_not_all_reports(db: Database, question: str) -> None:
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    QUESTIONS[question](db)
    db.conn.set_trace_callback(None)
    assert asked
    plan = [row["detail"] for sql in asked for row in db.query(f"explain query plan {sql}")]
    assert whole_scans(plan) == []


def test_only_unfinished_states_are_looked_for_among_the_unfinished(db: Database) -> None:
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    listed(states=("waiting", "filed"))(db)
    db.conn.set_trace_callback(None)
    assert report_queries.UNFINISHED not in asked[-1]
