"""What becomes of a notice that Slack or the database does not take."""

from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from bot.background import Claimed
from bot.clock import Clock
from bot.delivery.decision import LONGEST_WAIT
from bot.notice_poster import NoticePoster
from bot.notice_worker import GIVE_UP_AFTER, Claimer, NoticeWorker, Readers
from bot.slack import messages, web_api
from bot.slack.messages import Place
from storage import notice_queue
from storage.engine import Database, StorageError
from storage.notice_view import News, Notice
from storage.reports import Change
from storage.store import Store
from tests.bot.set_clock import SetClock
from tests.storage.news import FILED, REFUSED, T0, add, finish, send

pytestmark = pytest.mark.usefixtures("on_both_engines")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path / "constat.db")
    yield opened
    opened.close()


def worker(store: Store, poster: Any, clock: Clock) -> NoticeWorker:
    claimer = Claimer("one", lambda _: False, lease=3600.0)
    return NoticeWorker(poster, store, claimer, Readers([], []), clock)


FAULTS = {
    "a fault of Slack's": web_api.SlackNoAnswerError("status 500", answered=True),
    "no answer": web_api.SlackNoAnswerError("it timed out", answered=False),
    "a limit": web_api.SlackBusyError(30.0, "ratelimited", limited=True),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_an_alert_is_posted_soon_after_slack_is_well_again(
    store: Store, fault: web_api.SlackError
) -> None:
    await store.write(report_sent, FILED, ["C9"])
    clock = SetClock()

    class Poster:
        async def post(self, _: Notice) -> None:
            raise fault

    ours = worker(store, Poster(), clock)
    for _ in range(2 * GIVE_UP_AFTER):
        claimed = await ours.claim()
        assert isinstance(claimed, Claimed)
        assert claimed.job.what == News.ALERT
        await ours.handle(claimed.job)
        due = await store.read(notice_queue.next_due, [], now=clock.now)
        assert due is not None
        assert due - clock.now <= 1.2 * LONGEST_WAIT
        clock.now = due


async def test_bad_news_that_slack_took_is_not_posted_again_after_a_fault_of_the_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.write(report_sent, REFUSED)
    clock, sent = SetClock(), list[str]()

    class Free:
        async def wait_for_turn(self, channel: str) -> None:
            pass

    class Drawing:
        async def draw(self, notice: Notice) -> Notice:
            return notice

    async def post(_: object, place: str, __: object, ___: str | None) -> Place:
        sent.append(place)
        return Place(place, f"5.{len(sent)}")

    monkeypatch.setattr(messages, "post", post)
    posting: Any = NoticePoster
    poster = posting(None, store, Drawing(), clock=clock, pace=Free(), reminding=None)
    ours = worker(store, poster, clock)
    monkeypatch.setattr(notice_queue, "mark_posted", failing(notice_queue.mark_posted, times=3))
    clock.now += 60
    while isinstance(claimed := await ours.claim(), Claimed):
        await ours.handle(claimed.job)
        clock.now += 3600
    assert sent == ["C1"]
    assert (await store.read(lambda db: db.execute("select ts from notices").fetchone()))[
        0
    ] == "5.1"


def failing(work: Callable[..., None], *, times: int) -> Callable[..., None]:
    """The same work, which fails so many times before."""
    left = [None] * times

    def work_or_fail(*args: Any, **values: Any) -> None:
        if left:
            left.pop()
            raise StorageError("the database does not answer")
        work(*args, **values)

    return work_or_fail


def report_sent(db: Database, outcome: Change, alerts: Collection[str] = ()) -> None:
    """A report that was sent, and whose receipt is posted."""
    add(db, "U1", alerts=alerts)
    finish(db, send(db, T0), outcome, T0)
