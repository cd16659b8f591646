"""The notice that reports were not sent within an hour, while they are tried again."""

from dataclasses import replace

import pytest

from storage import delivery_queue, notice_queue, receipts, reports
from storage.engine import Database
from storage.notice_view import Notice
from storage.notices import LATE_AFTER, TOLD_AFTER, News
from storage.receipts import Posted
from storage.reports import Change, NewReport, Report
from storage.states import State

T0 = 1_800_000_000.0
LATE = T0 + LATE_AFTER
TOLD = LATE + TOLD_AFTER[News.LATE]
NEW = NewReport("1", "kind", "api", "U1", {}, {}, thread_channel="C1")
BUSY = Change(State.WAITING, {"why": "busy"}, next_try=T0)
FILED = Change(State.FILED)


def claim(db: Database, now: float, *admins: str) -> Notice | None:
    return notice_queue.claim(db, "one", now=now, lease=30.0, busy=[], admins=admins)


def take(db: Database, now: float) -> Report:
    """Begin to send the next report."""
    report = delivery_queue.claim(db, "api", "one", now=now, lease=30.0).report
    assert report is not None
    return report


def finish(db: Database, sent: Report, change: Change, now: float) -> None:
    assert delivery_queue.finish(db, sent.number, "one", sent.attempts, change, [], now=now)


@pytest.fixture
def tried(db: Database) -> Database:
    """Two reports whose receipts are posted, and that an API was too busy to take."""
    for number in (1, 2):
        reports.add(db, replace(NEW, key=str(number)), now=T0)
        receipt = receipts.claim(db, "one", now=T0, lease=30.0, busy=[]).receipt
        assert receipt is not None
        posted = Posted("receipt", "C1", f"{number}.1", f"{number}.0")
        receipts.mark_posted(db, number, receipt.version, posted, now=T0, owner="one")
    for sent in (take(db, T0), take(db, T0)):
        finish(db, sent, BUSY, T0)
    assert claim(db, LATE) is None
    return db


@pytest.mark.parametrize("sending", range(3))
def test_late_reports_are_told_also_while_they_are_tried_again(
    tried: Database, sending: int
) -> None:
    for _ in range(sending):
        take(tried, TOLD)
    notice = claim(tried, TOLD)
    assert notice is not None
    assert notice.numbers == (1, 2)


@pytest.mark.parametrize("sending", range(3))
def test_an_admin_is_told_of_all_late_reports_also_while_they_are_tried_again(
    tried: Database, sending: int
) -> None:
    for _ in range(sending):
        take(tried, TOLD)
    notices = [claim(tried, TOLD, "U9"), claim(tried, TOLD, "U9")]
    assert [(notice.what, notice.numbers) for notice in notices if notice] == [
        (News.LATE, (1, 2)),
        (News.OUTAGE, (1, 2)),
    ]


def test_a_late_report_that_is_tried_between_claim_and_message_is_told(tried: Database) -> None:
    notice = claim(tried, TOLD)
    assert notice is not None
    take(tried, TOLD)
    begun = notice_queue.begin(tried, notice, now=TOLD)
    assert begun is not None
    assert begun.numbers == (1, 2)


def test_a_late_report_that_was_filed_meanwhile_is_not_told(tried: Database) -> None:
    for sent in (take(tried, TOLD), take(tried, TOLD)):
        finish(tried, sent, FILED, TOLD)
    assert claim(tried, TOLD) is None
