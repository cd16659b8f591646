"""A newer constat may add columns to the file while an older one runs: the older one goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import cache, catalogue, delivery_queue, reports
from storage.catalogue import Installation, Site, Visit
from storage.database import open_database
from storage.reports import NewReport
from storage.states import State
from storage.transitions import Change

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "x"}, targets=["home"])


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Database]:
    """A file in which every table has one column more."""
    db = open_database(tmp_path / "constat.db")
    # Only triggers write report_counts: a newer constat replaces them together with the table.
    kept = {"sqlite_sequence", "_sqlite_migrations", "report_counts"}
    for table in set(db.table_names()) - kept:
        db.execute(f"alter table {table} add column of_a_newer_constat text")
    yield db
    db.close()


def test_a_report_is_stored_sent_and_held(newer: Database) -> None:
    number, _ = reports.add(newer, NEW, now=T0)
    claim = delivery_queue.claim(newer, "api", "owner", now=T0, lease=30)
    assert claim.report is not None
    assert claim.report.number == number
    held = Change(State.HELD, {"why": "token"})
    assert delivery_queue.finish(newer, number, "owner", 1, held, [], now=T0)


def test_lists_and_look_ups_are_replaced(newer: Database) -> None:
    catalogue.replace_sites(newer, "kare", [Site(1, "Home")], now=T0)
    catalogue.replace_installations(newer, "kare", [Installation(1, 2, "Lift")], now=T0)
    catalogue.replace_visits(newer, "kare", [Visit(3, "Visit")], now=T0)
    cache.keep(newer, "token", {"city": "Lyon"}, until=T0 + 60, now=T0)
    cache.remember_habit(newer, "U1", "kind", "value")
    stored = catalogue.load(newer)
    assert [site.name for site in stored.sites["kare"]] == ["Home"]
    assert cache.get(newer, "token", now=T0) == ({"city": "Lyon"}, T0 + 60)
