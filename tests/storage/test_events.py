"""Events are stored once, worked on once, and forgotten after a while."""

import pytest
import sqlite_utils

from storage import erasure, events
from storage.engine import Database
from storage.events import Event

T0 = 1_800_000_000.0
EVENT = Event("Ev1", "message.im", {"user": "U1"})
LEASE = 60.0


def claim(db: Database, now: float, owner: str = "me") -> Event | None:
    return events.claim(db, owner, now=now, lease=LEASE)


def claimed(db: Database, now: float, owner: str = "me") -> Event:
    event = claim(db, now, owner)
    assert event is not None
    return event


def test_an_event_is_stored_once_however_often_it_comes(db: Database) -> None:
    stored = [events.add(db, EVENT, now=T0 + after) for after in range(3)]
    assert stored == [True, False, False]


def test_an_event_is_claimed_once(db: Database) -> None:
    events.add(db, EVENT, now=T0)
    first, second = claim(db, T0), claim(db, T0)
    assert first is not None
    assert first.facts == {"user": "U1"}
    assert second is None


def test_an_event_that_was_worked_on_is_recognized_and_its_facts_are_gone(db: Database) -> None:
    events.add(db, EVENT, now=T0)
    events.finish(db, claimed(db, T0))
    assert events.add(db, EVENT, now=T0 + 1) is False
    assert claim(db, T0 + 1) is None
    assert db.execute("select facts from events").fetchone()[0] == "{}"


def test_an_event_whose_process_died_is_worked_on_after_the_lease(db: Database) -> None:
    events.add(db, EVENT, now=T0)
    claim(db, T0)
    assert claim(db, T0 + LEASE - 1) is None
    assert events.next_due(db) == T0 + LEASE
    assert claim(db, T0 + LEASE + 1) is not None


def test_an_event_whose_effect_was_begun_has_the_time_of_it(db: Database) -> None:
    events.add(db, EVENT, now=T0)
    assert events.begin(db, claimed(db, T0), now=T0 + 1)
    assert claimed(db, T0 + LEASE + 1).begun_at == T0 + 1


@pytest.mark.parametrize("owner", ["me", "other"])
def test_an_event_that_was_claimed_since_is_left_to_the_later_claim(
    db: Database, owner: str
) -> None:
    """A process stood still for longer than its claim counts, and may have claimed it again."""
    events.add(db, EVENT, now=T0)
    late, current = claimed(db, T0), claimed(db, T0 + LEASE + 1, owner)
    assert events.begin(db, current, now=T0 + LEASE + 2)
    assert not events.begin(db, late, now=T0 + LEASE + 3)
    events.finish(db, current)
    events.postpone(db, late, until=T0)
    assert claim(db, T0 + 3 * LEASE) is None


def test_an_event_whose_person_was_erased_is_not_worked_on_again(db: Database) -> None:
    events.add(db, EVENT, now=T0)
    current = claimed(db, T0)
    erasure.erase_person(db, "U1")
    assert not events.begin(db, current, now=T0 + 1)
    events.postpone(db, current, until=T0 + 2)
    assert claim(db, T0 + 2) is None


def test_an_event_of_a_process_that_is_known_to_be_dead_does_not_wait(db: Database) -> None:
    events.add(db, EVENT, now=T0)
    claim(db, T0)
    events.free_claims(db, "new", now=T0 + 1, lease=60.0, is_dead=lambda owner: owner == "me")
    assert claim(db, T0 + 1) is not None


def test_an_event_is_due_at_once_when_the_date_was_set_back(db: Database) -> None:
    events.add(db, EVENT, now=T0 + 86_400)
    events.free_claims(db, "new", now=T0, lease=60.0, is_dead=lambda _: False)
    assert events.next_due(db) == T0


def test_only_old_events_that_were_worked_on_are_deleted(db: Database) -> None:
    for name, at in (("old", T0), ("new", T0 + 10)):
        events.add(db, Event(name, "message.im", {}), now=at)
        events.finish(db, claimed(db, at))
    events.add(db, Event("open", "message.im", {}), now=T0)
    assert events.prune(db, before=T0 + 5, limit=100) == 1
    left = [row["id"] for row in db.execute("select id from events order by id")]
    assert left == ["new", "open"]


@pytest.mark.parametrize("sql", [events.CLAIM], ids=["claim"])
def test_the_events_that_were_worked_on_are_not_read_to_find_the_next(
    file: sqlite_utils.Database, sql: str
) -> None:
    plan = file.execute(f"explain query plan {sql}", {"owner": "me", "now": T0, "lease": LEASE})
    details = [row["detail"] for row in plan]
    assert [detail for detail in details if detail.startswith("SCAN")] == []
