"""The lease of the back office is one process's, until it leaves, is dead, or does not renew it."""

from storage import back_office
from storage.engine import Database


def take(db: Database, owner: str, lease: float = 60.0, dead: str = "") -> str:
    return back_office.take(db, owner, lease=lease, is_dead=lambda other: other == dead).owner


def test_the_first_process_has_the_lease_and_renews_it(db: Database) -> None:
    assert back_office.find(db) is None
    assert take(db, "a", lease=10) == "a"
    assert take(db, "b") == "a"
    assert take(db, "a", lease=60) == "a"
    found = back_office.find(db)
    assert found is not None
    assert found.owner == "a"
    assert 50 < found.left <= 60


def test_a_lease_that_has_ended_is_anybodys(db: Database) -> None:
    take(db, "a", lease=0)
    assert take(db, "b") == "b"
    assert take(db, "a") == "b"


def test_a_dead_process_loses_its_lease_at_once(db: Database) -> None:
    take(db, "a")
    assert take(db, "b", dead="a") == "b"


def test_a_process_that_leaves_gives_up_its_own_lease_only(db: Database) -> None:
    take(db, "a")
    back_office.leave(db, "b")
    assert take(db, "b") == "a"
    back_office.leave(db, "a")
    assert take(db, "b") == "b"
