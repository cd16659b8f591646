"""What becomes of the messages about an outage, and of late reports, once the outage is over."""

import pytest

from storage.engine import Database
from storage.notice_view import News
from storage.notices import LATE_AFTER
from tests.storage.news import BUSY, FILED, LATE, T0, TOLD, add, claim, finish, post_all, send


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
