"""Reminders of an alert that nobody has seen."""

import pytest

from storage import alerts, notice_queue
from storage.engine import Database
from storage.notice_queue import Reminding
from storage.notice_view import News
from storage.notices import LONGEST_REMINDING
from tests.storage.news import DAY, LEASE, T0, add, begin, claim, mark, post_all


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


def test_an_alert_that_two_processes_post_has_one_reminder_at_a_time(db: Database) -> None:
    add(db, "U1", alerts=["C9"])
    one = begin(db, T0)
    two = begin(db, T0 + LEASE + 1, owner="two")
    reminding = Reminding(900.0, 2)
    for shown in (two, one):
        mark(db, shown, T0 + 40, reminding=reminding)
    [again] = post_all(db, T0 + 41)
    assert again.what == News.ALERT
    waiting = "select count(*) from notices where what = 'reminder' and ts is null"
    found = []
    for at in (T0 + 40, T0 + 1000, T0 + 2000):
        found.append(db.execute(waiting).fetchone()[0])
        if found[-1]:
            mark(db, begin(db, at + 900), at + 900, reminding=reminding)
    assert found == [1, 1, 0]


@pytest.mark.parametrize("person", ["U7", "T2/U7"])
def test_a_direct_alert_whose_ts_is_unknown_is_updated_when_it_is_seen(
    db: Database, person: str
) -> None:
    """Slack's answer to the alert was lost."""
    add(db, "U1", alerts=["U6", person])
    for _ in range(2):
        notice_queue.postpone(db, begin(db, T0), until=T0 + 5)
    assert alerts.mark_seen(db, 1, person, "press", channel="D7", ts="3.3", now=T0 + 2)
    [update] = [notice for notice in post_all(db, T0 + 60) if notice.what == News.ALERT]
    assert (update.place, update.ts) == ("D7", "3.3")


def test_a_press_in_a_channel_says_nothing_of_a_direct_alert(db: Database) -> None:
    add(db, "U1", alerts=["U7", "C9"])
    for _ in range(2):
        notice_queue.postpone(db, begin(db, T0), until=T0 + 5)
    assert alerts.mark_seen(db, 1, "U7", "press", channel="C9", ts="3.3", now=T0 + 2)
    rows = db.execute("select place, ts from notices where what = 'alert'").fetchall()
    assert {row["place"]: row["ts"] for row in rows} == {"U7": None, "C9": "3.3"}
