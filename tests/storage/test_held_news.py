"""The messages that reports are on hold."""

import pytest

from storage import delivery_queue
from storage.engine import Database
from storage.notice_view import News
from tests.storage.news import FILED, HOLD, T0, add, claim, finish, post_all, send


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


def refuse_again(db: Database, now: float) -> None:
    """The API takes the one report that it is tried with, and refuses the token again for the next
    one, before the other held reports are released.
    """
    probe(db, now, sending=False)
    finish(db, send(db, now, past_hold=True), FILED, now + 1)
    probe(db, now + 1, sending=False)
    finish(db, send(db, now + 1, past_hold=True), HOLD, now + 2)
    delivery_queue.hold(db, "api", HOLD.cause, now=now + 2)


def test_everybody_whose_report_is_still_held_is_told_of_the_next_outage(db: Database) -> None:
    held(db, "U1", "U2", "U3", "U3", "U4")
    assert len(post_all(db, T0 + 5)) == 4
    refuse_again(db, T0 + 100)
    new = [notice for notice in post_all(db, T0 + 200) if notice.ts is None]
    assert {notice.who: notice.numbers for notice in new} == {"U2": (2,), "U3": (3, 4), "U4": (5,)}
    assert len({notice.outage.id for notice in new if notice.outage}) == 1


def test_only_the_reports_of_the_same_api_are_told_of_an_outage(db: Database) -> None:
    held(db, "U1", "U2", "U3")
    db.execute("update reports set api = 'other' where number = 3")
    post_all(db, T0 + 5)
    refuse_again(db, T0 + 100)
    assert [notice.who for notice in post_all(db, T0 + 200) if notice.ts is None] == ["U2"]


def test_an_outage_is_told_to_each_person_once(db: Database) -> None:
    held(db, "U1", "U2")
    assert len(post_all(db, T0 + 5)) == 2
    probe(db, T0 + 100, sending=False)
    finish(db, send(db, T0 + 100, past_hold=True), HOLD, T0 + 101)
    delivery_queue.hold(db, "api", HOLD.cause, now=T0 + 101)
    assert post_all(db, T0 + 200) == []
