"""A Home is outdated whenever a receipt or a draft of its person changes."""

import pytest
import sqlite_utils

from storage import drafts, erasure, events, homes, receipts, reports
from storage.drafts import Draft
from storage.engine import Database
from storage.erasure import Rule
from storage.events import Event
from storage.homes import Home
from storage.reports import Change, NewReport
from storage.states import State

T0 = 1_800_000_000.0
PACE = 2.0


def open_home(db: Database, user: str, *, sees_all: bool = False, now: float = T0) -> None:
    home = Home(user, team="T1", channel="D1", sees_all=sees_all)
    homes.open_home(db, home, now=now)


def publish_all(db: Database, now: float) -> list[str]:
    """Whose Homes were due."""
    published = []
    while home := homes.claim(db, "me", now=now, lease=60.0):
        homes.mark_published(db, home, next_from=now + PACE)
        published.append(home.user)
    return published


def add(db: Database, who: str, key: str = "k") -> int:
    number, _ = reports.add(db, NewReport(key, "kind", "api", who, {}, {}), now=T0)
    return number


def change(db: Database, number: int, state: State) -> None:
    assert reports.decide(db, number, set(State), Change(state), now=T0)


def test_a_home_that_was_opened_is_published_at_once(db: Database) -> None:
    open_home(db, "U1")
    assert publish_all(db, T0) == ["U1"]
    assert publish_all(db, T0 + 99) == []


def test_nobody_elses_report_makes_a_home_outdated(db: Database) -> None:
    open_home(db, "U1")
    publish_all(db, T0)
    change(db, add(db, "U2"), State.REFUSED)
    assert publish_all(db, T0 + 99) == []


@pytest.mark.parametrize("state", [State.FILED, State.REFUSED, State.UNKNOWN, State.DISCARDED])
def test_an_erased_report_makes_the_homes_outdated_that_show_it(db: Database, state: State) -> None:
    open_home(db, "U1")
    open_home(db, "U2")
    open_home(db, "U9", sees_all=True)
    change(db, add(db, "U1"), state)
    publish_all(db, T0)
    publish_all(db, T0 + 10)
    assert erasure.erase_reports(db, Rule("old", before=T0 + 1), now=T0 + 20, limit=5) == [1]
    assert sorted(publish_all(db, T0 + 20)) == ["U1", "U9"]
    assert receipts.claim(db, "me", now=T0 + 99, lease=60.0, busy=[]).receipt is None


def test_a_new_and_a_changed_report_make_the_reporters_home_outdated(db: Database) -> None:
    open_home(db, "U1")
    publish_all(db, T0)
    number = add(db, "U1")
    assert publish_all(db, T0 + 10) == ["U1"]
    change(db, number, State.REFUSED)
    assert publish_all(db, T0 + 20) == ["U1"]


def test_changes_that_follow_each_other_are_published_together(db: Database) -> None:
    open_home(db, "U1")
    publish_all(db, T0)
    numbers = [add(db, "U1", f"k{n}") for n in range(20)]
    for number in numbers:
        change(db, number, State.REFUSED)
    assert publish_all(db, T0 + PACE / 2) == []
    assert publish_all(db, T0 + PACE) == ["U1"]
    assert publish_all(db, T0 + 99) == []


def test_a_change_during_the_publishing_is_published_afterwards(db: Database) -> None:
    open_home(db, "U1")
    home = homes.claim(db, "me", now=T0, lease=60.0)
    assert home is not None
    add(db, "U1")
    homes.mark_published(db, home, next_from=T0 + PACE)
    assert publish_all(db, T0 + PACE) == ["U1"]


def test_an_admins_home_is_outdated_by_everybodys_reports(db: Database) -> None:
    open_home(db, "U1", sees_all=True)
    publish_all(db, T0)
    change(db, add(db, "U2"), State.REFUSED)
    assert publish_all(db, T0 + 99) == ["U1"]


def test_a_draft_makes_the_home_outdated_and_typing_in_it_does_not(db: Database) -> None:
    open_home(db, "U1")
    publish_all(db, T0)
    draft = Draft("key", "U1", "C1", None, {}, T0)
    drafts.add(db, draft, {"title": "x"}, fields_version=1, limit=50)
    assert publish_all(db, T0 + 10) == ["U1"]
    db.execute("update drafts set changed_at = changed_at + 1")
    assert publish_all(db, T0 + 20) == []
    drafts.discard(db, "key", who="U1")
    assert publish_all(db, T0 + 30) == ["U1"]


def test_a_notice_is_shown_once(db: Database) -> None:
    open_home(db, "U1")
    publish_all(db, T0)
    homes.notify(db, "U1", {"key": "x"}, now=T0 + 1)
    home = homes.claim(db, "me", now=T0 + 1, lease=60.0)
    assert home is not None
    assert home.notice is not None
    assert home.notice["key"] == "x"
    homes.mark_published(db, home, next_from=T0 + PACE)
    after = homes.get(db, "U1")
    assert after is not None
    assert after.notice is None


def test_a_notice_that_was_shown_ends_when_the_home_is_opened_meanwhile(db: Database) -> None:
    open_home(db, "U1")
    homes.notify(db, "U1", {"key": "x"}, now=T0 + 1)
    shown = homes.claim(db, "me", now=T0 + 1, lease=60.0)
    assert shown is not None
    open_home(db, "U1", now=T0 + 2)
    homes.mark_published(db, shown, next_from=T0 + PACE)
    after = homes.claim(db, "me", now=T0 + 2, lease=60.0)
    assert after is not None
    assert after.notice is None


def test_a_notice_that_comes_while_a_home_is_drawn_is_shown_next(db: Database) -> None:
    open_home(db, "U1")
    drawn = homes.claim(db, "me", now=T0, lease=60.0)
    assert drawn is not None
    homes.notify(db, "U1", {"key": "x"}, now=T0 + 1)
    homes.mark_published(db, drawn, next_from=T0 + PACE)
    after = homes.claim(db, "me", now=T0 + 1, lease=60.0)
    assert after is not None
    assert after.notice is not None
    assert after.notice["key"] == "x"


def test_an_event_opens_a_home_once(db: Database) -> None:
    home = Home("U1", team="T1", channel="D1", sees_all=False)
    event = Event("Ev1", "app_home_opened", {"user": "U1"})
    opened = homes.open_by_event(db, home, event, "me", now=T0, lease=60.0)
    assert opened.home is not None
    homes.mark_published(db, opened.home, next_from=T0)
    again = homes.open_by_event(db, home, event, "me", now=T0 + 9, lease=60.0)
    assert not again.is_new
    assert publish_all(db, T0 + 99) == []
    assert events.next_due(db) is None


def test_a_home_that_is_opened_in_a_process_without_a_worker_is_left_to_another(
    db: Database,
) -> None:
    home = Home("U1", team="T1", channel="D1", sees_all=False)
    event = Event("Ev1", "app_home_opened", {})
    opened = homes.open_by_event(db, home, event, None, now=T0, lease=60.0)
    assert opened == homes.Opened(is_new=True)
    assert publish_all(db, T0) == ["U1"]


def test_a_home_that_is_opened_again_begins_on_its_first_page(db: Database) -> None:
    open_home(db, "U1")
    homes.choose(db, "U1", {"page": 3, "state": "filed"}, now=T0)
    open_home(db, "U1", now=T0 + 1)
    home = homes.get(db, "U1")
    assert home is not None
    assert home.shown == {"state": "filed"}


def test_a_home_that_nobody_opens_is_forgotten(db: Database) -> None:
    open_home(db, "U1")
    open_home(db, "U2", now=T0 + 10)
    homes.prune(db, before=T0 + 5)
    assert homes.get(db, "U1") is None
    assert homes.get(db, "U2") is not None


def test_the_homes_that_are_true_are_not_read_to_find_the_next(file: sqlite_utils.Database) -> None:
    plan = file.execute(
        f"explain query plan {homes.CLAIM}", {"owner": "me", "now": T0, "lease": 60.0}
    )
    details = [row["detail"] for row in plan]
    assert [detail for detail in details if detail.startswith("SCAN")] == []


def test_a_home_that_is_being_published_is_not_claimed_a_second_time_when_it_is_opened(
    db: Database,
) -> None:
    home = Home("U1", team="T1", channel="D1", sees_all=False)
    first, second = (Event(f"Ev{n}", "app_home_opened", {}) for n in (1, 2))
    opened = homes.open_by_event(db, home, first, "me", now=T0, lease=60.0)
    again = homes.open_by_event(db, home, second, "another", now=T0 + 1, lease=60.0)
    assert opened.home is not None
    assert again == homes.Opened(is_new=True)
    homes.mark_published(db, opened.home, next_from=T0 + 2)
    assert publish_all(db, T0 + 2) == ["U1"]


@pytest.mark.parametrize(("owner", "claimed_again"), [("me", []), ("a dead bot", ["U1"])])
def test_a_start_ends_the_claims_of_other_processes_only(
    db: Database, owner: str, claimed_again: list[str]
) -> None:
    open_home(db, "U1")
    assert homes.claim(db, owner, now=T0, lease=60.0)
    homes.free_claims(db, "me", now=T0, lease=60.0)
    assert publish_all(db, T0) == claimed_again
