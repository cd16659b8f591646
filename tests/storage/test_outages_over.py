"""What becomes of the messages about an outage, and of late reports, once the outage is over."""

from collections.abc import Callable

import pytest

from storage import delivery_queue, erasure, notice_queue, outage_log
from storage.engine import Database
from storage.notice_view import News, Notice
from storage.notices import LATE_AFTER
from tests.storage.news import (
    BUSY,
    DAY,
    FILED,
    HOLD,
    LATE,
    T0,
    TOLD,
    add,
    begin,
    claim,
    finish,
    mark,
    post_all,
    send,
)


@pytest.fixture
def late(db: Database) -> Database:
    """A late report of each of two people."""
    add(db, "U1", "U2")
    for sent in (send(db, T0), send(db, T0)):
        finish(db, sent, BUSY, T0)
    assert claim(db, LATE) is None
    return db


@pytest.mark.parametrize("posted", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("sending", [False, True], ids=["waits", "is tried"])
def test_a_report_that_is_left_after_an_outage_is_late_again_after_an_hour(
    late: Database, *, posted: bool, sending: bool
) -> None:
    """The outage ends before or after its messages are posted, while the other report waits or is
    tried."""
    end = TOLD + 1
    if posted:
        assert len(post_all(late, TOLD)) == 2
    filed = send(late, end - 1)
    tried = send(late, end - 1) if sending else None
    finish(late, filed, FILED, end)
    assert all(notice.ts for notice in post_all(late, end))
    finish(late, tried or send(late, end), BUSY, end + 1)
    again = end + LATE_AFTER
    assert post_all(late, again - 1) == []
    assert post_all(late, again) == []
    [notice] = post_all(late, again + TOLD - LATE)
    assert (notice.what, notice.who, notice.numbers, notice.ts) == (News.LATE, "U2", (2,), None)


def test_the_end_of_an_outage_delays_no_report_that_is_not_late_yet(late: Database) -> None:
    add(late, "U3")
    finish(late, send(late, TOLD), FILED, TOLD + 1)
    rows = late.execute("select late_at from reports where number > 1 order by number").fetchall()
    assert [row["late_at"] for row in rows] == [TOLD + 1 + LATE_AFTER, LATE]


def late_report(db: Database) -> None:
    add(db, "U1")
    finish(db, send(db, T0), BUSY, T0)
    claim(db, LATE)


def held_report(db: Database) -> None:
    add(db, "U1")
    finish(db, send(db, T0), HOLD, T0)


def late_for_admins(db: Database) -> None:
    outage_log.begin(db, "api", outage_log.LATE, {}, now=T0)


def held_for_admins(db: Database) -> None:
    outage_log.begin(db, "api", outage_log.TOKEN, {}, now=T0)


def channel(db: Database) -> None:
    outage_log.begin(db, "C1", "is_archived", {}, now=T0, of_channel=True)


OUTAGES: dict[str, tuple[Callable[[Database], None], str, list[str]]] = {
    "late": (late_report, "api", []),
    "held": (held_report, "api", []),
    "late, admins": (late_for_admins, "api", ["U9"]),
    "held, admins": (held_for_admins, "api", ["U9"]),
    "channel, admins": (channel, "C1", ["U9"]),
}
of_each_outage = pytest.mark.parametrize(
    ("begins", "source", "admins"), OUTAGES.values(), ids=OUTAGES
)


@of_each_outage
@pytest.mark.parametrize("answered", ["before", "after"])
def test_a_posted_message_about_an_outage_that_is_over_says_so(
    db: Database, begins: Callable[[Database], None], source: str, admins: list[str], answered: str
) -> None:
    """Slack's answer to the message comes before or after the end of the outage."""
    begins(db)
    begun = begin(db, TOLD, admins=admins)
    if answered == "before":
        mark(db, begun, TOLD)
    outage_log.end(db, source, now=TOLD + 1)
    if answered == "after":
        mark(db, begun, TOLD + 1)
    [update] = post_all(db, TOLD + 2, admins=admins)
    assert update.ids == begun.ids
    assert update.ts is not None
    assert update.outage is not None
    assert update.outage.ended_at == TOLD + 1


@of_each_outage
@pytest.mark.parametrize("failed", [False, True], ids=["limited", "failed"])
def test_a_message_about_an_outage_that_was_over_before_slack_took_it_is_not_posted(
    db: Database,
    begins: Callable[[Database], None],
    source: str,
    admins: list[str],
    *,
    failed: bool,
) -> None:
    begins(db)
    begun = begin(db, TOLD, admins=admins)
    outage_log.end(db, source, now=TOLD + 1)
    notice_queue.postpone(db, begun, until=TOLD + 30, failed=failed)
    assert post_all(db, TOLD + 60, admins=admins) == []
    assert db.execute("select count(*) from notices").fetchone()[0] == 0


def test_a_message_is_posted_while_its_outage_lasts(db: Database) -> None:
    held_report(db)
    notice_queue.postpone(db, begin(db, TOLD), until=TOLD + 30, failed=False)
    delivery_queue.hold(db, "api", HOLD.cause, now=TOLD + 1)
    [notice] = post_all(db, TOLD + DAY)
    assert (notice.what, notice.numbers) == (News.HELD, (1,))


@pytest.mark.parametrize("seconds", [1, 20, 50])
def test_nobody_is_told_of_an_outage_by_a_queue_that_is_being_sent(
    db: Database, seconds: int
) -> None:
    """Each report passes its hour while the one before it is being sent."""
    people = ["U1", "U2", "U3", "U4"]
    add(db, *people)
    told: list[Notice] = []
    for place, _ in enumerate(people):
        hour = LATE + place * seconds - 1
        db.execute("update reports set late_at = ? where number = ?", [hour, place + 1])
    for place, _ in enumerate(people):
        begins = LATE + place * seconds
        sent = send(db, begins)
        told += post_all(db, begins, admins=["U9"])
        told += post_all(db, begins + seconds - 0.5, admins=["U9"])
        finish(db, sent, FILED, begins + seconds - 0.5)
    assert told == []


def test_admins_and_reporters_are_told_of_late_reports_at_the_same_time(late: Database) -> None:
    assert post_all(late, TOLD - 1, admins=["U9"]) == []
    told = post_all(late, TOLD, admins=["U9"])
    assert sorted(notice.who for notice in told) == ["U1", "U2", "U9"]


@pytest.mark.parametrize("why", [outage_log.TOKEN, "is_archived"])
def test_admins_are_told_at_once_of_what_needs_them(db: Database, why: str) -> None:
    outage_log.begin(db, "api", why, {}, now=T0)
    [notice] = post_all(db, T0, admins=["U9"])
    assert notice.what == News.OUTAGE


@of_each_outage
def test_the_records_of_messages_about_an_outage_stay_until_it_is_over(
    db: Database, begins: Callable[[Database], None], source: str, admins: list[str]
) -> None:
    begins(db)
    [told] = post_all(db, TOLD, admins=admins)
    erasure.delete_messages(db, before=TOLD + DAY, limit=9)
    assert post_all(db, TOLD + 2 * DAY, admins=admins) == []
    outage_log.end(db, source, now=TOLD + 3 * DAY)
    erasure.delete_messages(db, before=TOLD + 4 * DAY, limit=9)
    [update] = post_all(db, TOLD + 3 * DAY, admins=admins)
    assert update.ids == told.ids
    erasure.delete_messages(db, before=TOLD + 4 * DAY, limit=9)
    assert db.execute("select count(*) from notices").fetchone()[0] == 0
