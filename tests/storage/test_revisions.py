"""The revision of a report: it grows with each change that a person must see before deciding."""

from collections.abc import Callable, Iterator

import pytest

from storage import alerts, delivery_queue, reports
from storage.address import DatabaseAddress
from storage.engine import Database
from storage.opening import open_database
from storage.reports import Change, NewReport
from storage.revisions import revision_of, revisions_of
from storage.states import State

NOW = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "x"}, alerts=["C1"])


@pytest.fixture
def db(address: DatabaseAddress) -> Iterator[Database]:
    opened = open_database(address)
    reports.add(opened, NEW, now=NOW)
    yield opened
    opened.close()


def send(db: Database, change: Change) -> None:
    claimed = delivery_queue.claim(db, "api", "me", now=NOW, lease=60)
    assert claimed.report is not None
    attempt = claimed.report.attempts
    assert delivery_queue.finish(db, 1, "me", attempt, change, [], now=NOW)


def hold(db: Database) -> None:
    delivery_queue.hold(db, "api", {"why": "token"}, now=NOW)


def hold_and_release(db: Database) -> None:
    hold(db)
    delivery_queue.release(db, "api", now=NOW)


def see(db: Database) -> None:
    assert alerts.mark_seen(db, 1, "U2", "1.1", channel="C1", ts="1.0", now=NOW)


def ask(db: Database) -> None:
    change = Change(State.WAITING, {"why": "asked"}, who="U1", next_try=NOW)
    assert reports.decide(db, 1, {State.WAITING}, change, now=NOW)


UNSEEN: dict[str, Callable[[Database], None]] = {
    "a try that failed": lambda db: send(db, Change(State.WAITING, {"why": "busy"})),
    "a hold": hold,
    "a release": hold_and_release,
    "an alert that was seen": see,
}
SEEN: dict[str, Callable[[Database], None]] = {
    "a refusal": lambda db: send(db, Change(State.REFUSED, {"why": "refused"})),
    "an unknown outcome": lambda db: send(db, Change(State.UNKNOWN, {"why": "cut"})),
    "a person's decision": ask,
}


@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN)
def test_what_the_bot_does_on_its_own_to_an_unsent_report_leaves_its_revision(
    db: Database, change: Callable[[Database], None]
) -> None:
    before = revision_of(db, 1)
    change(db)
    assert revision_of(db, 1) == before


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_an_outcome_and_a_decision_are_a_new_revision(
    db: Database, change: Callable[[Database], None]
) -> None:
    before = revision_of(db, 1)
    change(db)
    assert revision_of(db, 1) > before


def test_the_revisions_of_several_reports_are_those_of_each(db: Database) -> None:
    assert revisions_of(db, [1, 99]) == {1: revision_of(db, 1), 99: 0}


def test_a_damaged_row_of_the_history_still_counts(db: Database) -> None:
    db.execute("update history set cause = 'x'")
    assert revision_of(db, 1) == 1
