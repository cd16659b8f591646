"""Reminders of an alert that nobody has seen."""

import pytest

from storage import notice_queue
from storage.engine import Database
from storage.notice_queue import Reminding
from storage.notice_view import News
from storage.notices import LONGEST_REMINDING
from tests.storage.news import DAY, T0, add, begin, claim, mark


def alerted(db: Database, reminding: Reminding) -> None:
    """An alert is posted, and nothing else is due."""
    add(db, "U1", alerts=["C9"])
    mark(db, begin(db, T0), T0, reminding=reminding)


@pytest.mark.parametrize("every", [60.0, 900.0, LONGEST_REMINDING])
def test_a_start_makes_no_reminder_due_before_its_time(db: Database, every: float) -> None:
    alerted(db, Reminding(every, 4))
    for start in (1, 20, 40):
        notice_queue.retry_all(db, now=T0 + start)
    db.execute("update reports set late_at = null")
    assert claim(db, T0 + every - 1) is None
    reminder = claim(db, T0 + every)
    assert reminder is not None
    assert reminder.what == News.REMINDER


def test_a_reminder_of_a_date_of_the_future_is_due_after_a_start(db: Database) -> None:
    alerted(db, Reminding(900.0, 4))
    notice_queue.retry_all(db, now=T0 - DAY)
    assert claim(db, T0 - DAY) is not None
