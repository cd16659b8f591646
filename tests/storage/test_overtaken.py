"""What a process stores about a message that it had in hand, after something newer came.

A process stands still for longer than its claim counts, or a person decides while Slack answers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from storage import erasure, homes, notice_queue, receipt_messages, receipts, reports
from storage.engine import Database
from storage.erasure import Rule
from storage.homes import Home
from storage.notice_view import Notice
from storage.receipts import Posted, Receipt
from storage.reports import Change, NewReport
from storage.states import State

T0 = 1_800_000_000.0
LEASE = 30.0
LATE = T0 + LEASE + 1
"""When the first claim is over."""
DAY = 86_400.0
NEW = NewReport("k", "kind", "api", "U1", {}, {}, thread_channel="C1", alerts=["C9"])
MESSAGE = Posted("receipt", "C1", "1.1", "1.0")


def news(db: Database, now: float) -> None:
    """A person decides. The receipt, the alert and the Home show it."""
    change = Change(State.WAITING, {"why": "asked"}, who="U1", next_try=now)
    assert reports.decide(db, 1, [State.WAITING], change, now=now)


def receipt(db: Database, owner: str, now: float) -> Receipt | None:
    return receipts.claim(db, owner, now=now, lease=LEASE, busy=[]).receipt


def notice(db: Database, owner: str, now: float) -> Notice | None:
    return notice_queue.claim(db, owner, now=now, lease=LEASE, busy=[], admins=[])


def home(db: Database, owner: str, now: float) -> Home | None:
    return homes.claim(db, owner, now=now, lease=LEASE)


def mark_receipt(db: Database, shown: Receipt, now: float) -> None:
    receipts.mark_posted(db, 1, shown.version, MESSAGE, now=now, owner=shown.owner)


def mark_notice(db: Database, shown: Notice, now: float) -> None:
    notice_queue.mark_posted(db, shown, "C9", "2.1", now=now)


def mark_home(db: Database, shown: Home, now: float) -> None:
    homes.mark_published(db, shown, next_from=now)


@dataclass(frozen=True)
class Queue:
    claim: Callable[[Database, str, float], object]
    mark: Callable[..., None]
    """Store that Slack shows what was claimed."""
    postpone: Callable[..., None]

    def take(self, db: Database, owner: str, now: float) -> object:
        claimed = self.claim(db, owner, now)
        assert claimed is not None
        return claimed


QUEUES = {
    "receipts": Queue(receipt, mark_receipt, receipts.postpone),
    "notices": Queue(notice, mark_notice, notice_queue.postpone),
    "Homes": Queue(home, mark_home, homes.postpone),
}
of_each_queue = pytest.mark.parametrize("queue", QUEUES.values(), ids=QUEUES)


@pytest.fixture
def told(db: Database) -> Database:
    """A report whose receipt, alert and Home are due."""
    homes.open_home(db, Home("U1", "T1", "D1", sees_all=False), now=T0)
    reports.add(db, NEW, now=T0)
    return db


@of_each_queue
def test_what_one_process_shows_is_not_shown_again(told: Database, queue: Queue) -> None:
    queue.mark(told, queue.take(told, "one", T0), T0)
    assert queue.claim(told, "one", LATE) is None


@of_each_queue
@pytest.mark.parametrize("late_first", [True, False])
def test_what_two_processes_showed_at_the_same_time_is_shown_once_more(
    told: Database, queue: Queue, *, late_first: bool
) -> None:
    """The older of two views may be the one that Slack got last."""
    late = queue.take(told, "one", T0)
    news(told, LATE)
    current = queue.take(told, "two", LATE)
    for shown in (late, current) if late_first else (current, late):
        queue.mark(told, shown, LATE + 1)
    queue.mark(told, queue.take(told, "two", LATE + 5), LATE + 5)
    assert queue.claim(told, "two", LATE + 99) is None


@of_each_queue
def test_what_a_process_showed_in_two_claims_is_shown_once_more(
    told: Database, queue: Queue
) -> None:
    late = queue.take(told, "one", T0)
    news(told, LATE)
    queue.mark(told, queue.take(told, "one", LATE), LATE)
    queue.mark(told, late, LATE + 1)
    assert queue.claim(told, "one", LATE + 5) is not None


@of_each_queue
def test_news_that_comes_during_a_failed_try_does_not_wait(told: Database, queue: Queue) -> None:
    claimed = queue.take(told, "one", T0)
    news(told, T0 + 1)
    queue.postpone(told, claimed, until=T0 + DAY)
    assert queue.claim(told, "one", T0 + 5) is not None


@of_each_queue
def test_a_limit_of_slack_counts_for_news_too(told: Database, queue: Queue) -> None:
    claimed = queue.take(told, "one", T0)
    news(told, T0 + 1)
    queue.postpone(told, claimed, until=T0 + 60, failed=False)
    assert queue.claim(told, "one", T0 + 59) is None
    assert queue.claim(told, "one", T0 + 60) is not None


@of_each_queue
def test_a_try_without_news_waits(told: Database, queue: Queue) -> None:
    claimed = queue.take(told, "one", T0)
    queue.postpone(told, claimed, until=T0 + 60)
    assert queue.claim(told, "one", T0 + 59) is None


@of_each_queue
def test_the_failure_of_an_overtaken_claim_changes_nothing(told: Database, queue: Queue) -> None:
    late = queue.take(told, "one", T0)
    queue.take(told, "two", LATE)
    queue.postpone(told, late, until=LATE)
    assert queue.claim(told, "three", LATE + 1) is None


def test_a_home_that_is_opened_while_slack_refuses_it_is_published(told: Database) -> None:
    claimed = home(told, "one", T0)
    assert claimed is not None
    homes.open_home(told, Home("U1", "T1", "D1", sees_all=False), now=T0 + 1)
    homes.forget(told, claimed)
    assert home(told, "one", T0 + 1) is not None


def test_a_home_that_slack_refuses_is_not_published_again(told: Database) -> None:
    claimed = home(told, "one", T0)
    assert claimed is not None
    homes.forget(told, claimed)
    assert home(told, "one", LATE) is None


@pytest.mark.parametrize("owner", ["one", "two"])
def test_a_message_that_another_claim_posts_is_not_begun(told: Database, owner: str) -> None:
    reports.decide(told, 1, [State.WAITING], Change(State.REFUSED), now=T0)
    told.execute("update receipts set channel = 'C1', ts = '1.1'")
    told.execute("delete from notices where what = 'alert'")
    late = notice(told, "one", T0 + 3)
    current = notice(told, owner, LATE + 3)
    assert late is not None
    assert current is not None
    begun = notice_queue.begin(told, current, now=LATE + 3)
    assert begun is not None
    assert notice_queue.begin(told, late, now=LATE + 4) is None
    notice_queue.mark_posted(told, begun, "C1", "1.2", now=LATE + 5)
    assert notice_queue.begin(told, late, now=LATE + 6) is None
    assert told.execute("select count(*) from notices where ts = '1.2'").fetchone()[0] == 1


def test_a_message_that_is_gone_is_not_taken_for_the_one_that_replaced_it(told: Database) -> None:
    mark_receipt(told, QUEUES["receipts"].take(told, "one", T0), T0)  # type: ignore[arg-type]
    news(told, T0)
    late = receipt(told, "one", T0)
    assert late is not None
    told.execute("update receipts set ts = '3.1'")
    receipts.forget_message(told, late)
    assert told.execute("select ts from receipts").fetchone()[0] == "3.1"


def test_nothing_is_stored_about_the_messages_of_a_report_that_was_erased_meanwhile(
    told: Database,
) -> None:
    """Its claim is over, so that it can be erased, and its messages are still being posted."""
    shown, alert = receipt(told, "one", T0), notice(told, "one", T0)
    assert shown is not None
    assert alert is not None
    change = Change(State.FILED)
    assert reports.decide(told, 1, [State.WAITING], change, now=T0)
    assert erasure.erase_reports(told, Rule("test"), now=LATE, limit=1) == [1]
    receipts.set_thread(told, 1, "1.0", now=LATE, opener=Posted("opener", "C1", "1.0"))
    receipts.set_thread(told, 1, "1.0", now=LATE)
    receipt_messages.set_message(told, 1, MESSAGE, now=LATE)
    receipt_messages.set_part(told, 1, 1, Posted("part", "C1", "1.2"), "digest", now=LATE)
    mark_receipt(told, shown, LATE)
    receipts.redirect(told, 1, "U1", now=LATE)
    mark_notice(told, alert, LATE)
    [row] = told.execute(
        "select thread_ts, opener_ts, channel, ts, direct from receipts"
    ).fetchall()
    assert tuple(row) == (None, None, None, None, False)
    for table in ("messages", "receipt_parts", "notices"):
        assert told.execute(f"select count(*) from {table}").fetchone()[0] == 0  # noqa: S608
    assert receipt(told, "one", LATE + DAY) is None
