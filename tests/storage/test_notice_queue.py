"""The queue of notices: which reports a message is about, and which message is next."""

import pytest
import sqlite_utils

from storage import delivery_queue, notice_queue, reports
from storage.engine import Database
from tests.storage.news import (
    BUSY,
    HOLD,
    LATE,
    REFUSED,
    T0,
    TOLD,
    add,
    begin,
    claim,
    finish,
    post_all,
    send,
)


def test_no_query_of_the_queue_reads_all_reports(file: sqlite_utils.Database) -> None:
    add(file, *["U1"] * 6, alerts=["C9"])
    for change in (REFUSED, BUSY, BUSY):
        finish(file, send(file, T0), change, T0)
    assert claim(file, LATE, admins=["U9"]) is not None
    finish(file, send(file, LATE), HOLD, LATE)
    delivery_queue.hold(file, "api", HOLD.cause, now=LATE)
    asked: list[str] = []
    file.conn.set_trace_callback(asked.append)
    notice_queue.retry_all(file, now=LATE)
    notice_queue.next_due(file, ["U9"], now=LATE)
    claimed = []
    while notice := claim(file, TOLD, admins=["U9"]):
        notice_queue.begin(file, notice, now=TOLD)
        notice_queue.mark_posted(file, notice, "C1", "9.1", now=TOLD)
        claimed.append(notice.what)
    file.conn.set_trace_callback(None)
    assert {"refused", "held", "alert", "outage"} <= set(claimed)
    reading = [sql for sql in asked if not sql.startswith(("begin", "commit", "savepoint"))]
    plan = [row["detail"] for sql in reading for row in file.query(f"explain query plan {sql}")]
    # These have only what needs work, or what admins are told of.
    short = (
        "json_each",
        "reports_unfinished",
        "reports_in_flight",
        "notices_due",
        "outages",
        "admin",
        "CONSTANT ROW",
    )
    scans = [step for step in plan if step.startswith("SCAN")]
    assert [step for step in scans if not any(name in step for name in short)] == []
    of_the_person = {step for step in plan if "reports_of_person" in step}
    assert of_the_person == {
        "SEARCH reports USING INDEX reports_of_person_by_state (who=? AND state=?)"
    }


def refused(db: Database, *people: str) -> None:
    """A report of each person is refused."""
    add(db, *people)
    for _ in people:
        finish(db, send(db, T0), REFUSED, T0)


def edit(db: Database, number: int, now: float) -> None:
    assert reports.edit(db, number, f"{now}", {"words": "better"}, [], who="U1", now=now)


@pytest.mark.parametrize("many", [1, 4, 5])
def test_a_report_that_is_refused_again_while_slack_limits_its_message_is_told_once(
    db: Database, many: int
) -> None:
    refused(db, *["U1"] * many)
    begun = begin(db, T0 + 3)
    assert begun.numbers == tuple(range(1, many + 1))
    edit(db, 1, T0 + 4)
    notice_queue.postpone(db, begun, until=T0 + 10, failed=False)
    finish(db, send(db, T0 + 5), REFUSED, T0 + 5)
    told = post_all(db, T0 + 10)
    assert [notice.numbers for notice in told] == [begun.numbers]
