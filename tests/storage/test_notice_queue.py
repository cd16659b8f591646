"""The queue of notices: which reports a message is about, and which message is next."""

import pytest
import sqlite_utils

from storage import delivery_queue, notice_queue, outage_log, reports
from storage.engine import Database
from storage.notice_queue import LOOKED_AT
from storage.notice_view import News
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
    unposted,
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


def blocked(db: Database, many: int) -> None:
    """So many people have a refused report whose receipt is not posted."""
    for person in range(many):
        unposted(db, f"U{person}")
    for _ in range(many):
        finish(db, send(db, T0), REFUSED, T0)


@pytest.mark.parametrize("many", [LOOKED_AT - 1, LOOKED_AT, 2 * LOOKED_AT + 1])
def test_no_message_waits_for_good_behind_those_that_wait_for_their_receipts(
    db: Database, many: int
) -> None:
    blocked(db, many)
    outage_log.begin(db, "C1", "is_archived", {}, now=T0 + 1, of_channel=True)
    looks = [claim(db, T0 + 10 + second, admins=["U9"]) for second in range(many // LOOKED_AT + 2)]
    assert [notice.what for notice in looks if notice] == [News.OUTAGE]


def test_no_message_waits_for_good_behind_those_of_a_busy_channel(db: Database) -> None:
    refused(db, *[f"U{person}" for person in range(LOOKED_AT)])
    outage_log.begin(db, "C1", "is_archived", {}, now=T0 + 1, of_channel=True)
    looks = [claim(db, T0 + 10 + second, busy=["C1"], admins=["U9"]) for second in range(3)]
    assert [notice.what for notice in looks if notice] == [News.OUTAGE]
    assert claim(db, T0 + 13) is not None


@pytest.mark.parametrize("many", [0, 3 * LOOKED_AT])
def test_an_alert_goes_before_all_other_messages(db: Database, many: int) -> None:
    refused(db, "U1")
    blocked(db, many)
    unposted(db, "U5", alerts=["C9"], now=T0 + 9)
    notice = claim(db, T0 + 10)
    assert notice is not None
    assert notice.what == News.ALERT


@pytest.mark.parametrize("edited", [1, 3, 5])
def test_the_others_of_a_message_do_not_wait_when_one_report_is_edited(
    db: Database, edited: int
) -> None:
    """It is edited after the message was claimed, and before it is posted."""
    refused(db, *["U1"] * 5)
    claimed = claim(db, T0 + 3)
    assert claimed is not None
    edit(db, edited, T0 + 4)
    begun = notice_queue.begin(db, claimed, now=T0 + 4) or begin(db, T0 + 4)
    assert begun.numbers == tuple(number for number in range(1, 6) if number != edited)
