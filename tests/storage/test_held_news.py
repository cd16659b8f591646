"""The messages that reports are on hold."""

import pytest

from storage import delivery_queue
from storage.engine import Database
from storage.notice_view import News
from tests.storage.news import HOLD, T0, add, claim, finish, post_all, send


def held(db: Database, *people: str) -> None:
    """A report of each person is held, because the API refuses the token."""
    add(db, *people)
    finish(db, send(db, T0), HOLD, T0)
    assert not delivery_queue.hold(db, "api", HOLD.cause, now=T0)


def probe(db: Database, now: float, *, sending: bool) -> None:
    """Try with one held report whether the API takes the token again."""
    delivery_queue.release(db, "api", now=now, limit=1)
    if sending:
        send(db, now, past_hold=True)


@pytest.mark.parametrize("sending", [False, True], ids=["is released", "is tried"])
@pytest.mark.parametrize("many", [1, 2, 5])
def test_a_held_report_that_is_tried_is_on_hold(db: Database, many: int, *, sending: bool) -> None:
    held(db, *["U1"] * many)
    probe(db, T0 + 1, sending=sending)
    all_of_them = tuple(range(1, many + 1))
    told = post_all(db, T0 + 6, admins=["U9"])
    assert {notice.what: notice.numbers for notice in told} == {
        News.OUTAGE: all_of_them,
        News.HELD: all_of_them,
    }


@pytest.mark.parametrize("sending", [False, True], ids=["waits", "is sent"])
def test_a_report_that_was_never_held_is_not_on_hold(db: Database, *, sending: bool) -> None:
    held(db, "U1")
    add(db, "U1")
    if sending:
        send(db, T0 + 1, past_hold=True)
    notice = claim(db, T0 + 6)
    assert notice is not None
    assert (notice.what, notice.numbers) == (News.HELD, (1,))
