"""The notice that reports were not sent within an hour, while they are tried again."""

import pytest

from storage import notice_queue
from storage.engine import Database
from storage.notice_view import News
from tests.storage.news import BUSY, FILED, LATE, T0, TOLD, add, claim, finish, send


@pytest.fixture
def tried(db: Database) -> Database:
    """Two reports whose receipts are posted, and that an API was too busy to take."""
    add(db, "U1", "U1")
    for sent in (send(db, T0), send(db, T0)):
        finish(db, sent, BUSY, T0)
    assert claim(db, LATE) is None
    return db


@pytest.mark.parametrize("sending", range(3))
def test_late_reports_are_told_also_while_they_are_tried_again(
    tried: Database, sending: int
) -> None:
    for _ in range(sending):
        send(tried, TOLD)
    notice = claim(tried, TOLD)
    assert notice is not None
    assert notice.numbers == (1, 2)


@pytest.mark.parametrize("sending", range(3))
def test_an_admin_is_told_of_all_late_reports_also_while_they_are_tried_again(
    tried: Database, sending: int
) -> None:
    for _ in range(sending):
        send(tried, TOLD)
    notices = [claim(tried, TOLD, admins=["U9"]) for _ in range(2)]
    assert [(notice.what, notice.numbers) for notice in notices if notice] == [
        (News.LATE, (1, 2)),
        (News.OUTAGE, (1, 2)),
    ]


def test_a_late_report_that_is_tried_between_claim_and_message_is_told(tried: Database) -> None:
    notice = claim(tried, TOLD)
    assert notice is not None
    send(tried, TOLD)
    begun = notice_queue.begin(tried, notice, now=TOLD)
    assert begun is not None
    assert begun.numbers == (1, 2)


def test_a_late_report_that_was_filed_meanwhile_is_not_told(tried: Database) -> None:
    for sent in (send(tried, TOLD), send(tried, TOLD)):
        finish(tried, sent, FILED, TOLD)
    assert claim(tried, TOLD) is None
