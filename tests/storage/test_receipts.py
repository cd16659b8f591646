"""Which receipt is told next, when some places have many and others cannot take one now."""

import pytest
import sqlite_utils

from storage import delivery_queue, receipts, reports
from storage.engine import Database
from storage.reports import Change, NewReport
from storage.revisions import revision_of
from storage.states import State

T0 = 1_800_000_000.0
ORDER = [("C1", 0.0), ("C1", 1.0), ("C2", 2.0), ("C3", 3.0), ("C1", 4.0)]
"""Five receipts: where each is told, and seconds after T0 at which it is due."""


@pytest.fixture
def waiting(db: Database) -> Database:
    for n, (place, after) in enumerate(ORDER):
        new = NewReport(str(n), "kind", "api", "U1", {}, {}, thread_channel=place)
        reports.add(db, new, now=T0 + after)
    return db


def claimed(db: Database, now: float, *busy: str) -> list[int]:
    """Every receipt that can be taken, in the order in which it is."""
    taken = iter(lambda: receipts.claim(db, "me", now=now, lease=30, busy=busy).receipt, None)
    return [receipt.number for receipt in taken if receipt is not None]


@pytest.mark.parametrize(
    ("after", "busy", "numbers"),
    [
        (9, [], [1, 2, 3, 4, 5]),
        (1, [], [1, 2]),
        (9, ["C1"], [3, 4]),
        (9, ["C2", "C3", "C4"], [1, 2, 5]),
        (9, ["C1", "C2", "C3"], []),
    ],
)
def test_the_receipt_that_is_due_longest_goes_first_where_it_can_be_told(
    waiting: Database, after: float, busy: list[str], numbers: list[int]
) -> None:
    assert claimed(waiting, T0 + after, *busy) == numbers


def test_a_receipt_that_is_told_directly_waits_for_the_person_not_for_the_channel(
    waiting: Database,
) -> None:
    receipts.redirect(waiting, 1, "U1", now=T0)
    assert (claimed(waiting, T0 + 9, "C1"), claimed(waiting, T0 + 99, "U1")) == (
        [1, 3, 4],
        [2, 3, 4, 5],
    )


def test_a_backlog_of_one_place_is_not_read_to_find_anothers_receipt(
    file: sqlite_utils.Database,
) -> None:
    """It is asked for whenever a report was stored."""
    plan = file.execute(
        f"explain query plan {receipts.FIRST_DUE}", {"now": T0, "latest": T0 + 60, "busy": "[]"}
    )
    assert [row["detail"] for row in plan if row["detail"].startswith("SCAN r")] == []


@pytest.mark.parametrize("reason", ["nothing", "a \0 inside", "\\u0000 as text", "\\\0"])
def test_a_receipt_can_be_told_whatever_characters_the_answer_of_the_api_has(
    db: Database, reason: str
) -> None:
    number, _ = reports.add(db, NewReport("key", "kind", "api", "U1", {}, {}), now=T0)
    delivery_queue.claim(db, "api", "me", now=T0, lease=30)
    change = Change(State.REFUSED, {"why": "invalid", "message": reason})
    assert delivery_queue.finish(db, number, "me", 1, change, [], now=T0)
    claim = receipts.claim(db, "me", now=T0, lease=30, busy=[])
    assert claim.report is not None
    assert claim.report.cause == change.cause
    assert revision_of(db, number) == 3, "the id of the row that refused it"
