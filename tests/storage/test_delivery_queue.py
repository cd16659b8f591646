"""The delivery queue with many reports in it: nobody waits long for a job on all of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlite_utils

from storage import (
    cache,
    delivery_queue,
    outage_log,
    outages,
    receipts,
    reports,
    undo,
    unknown_reports,
    uses,
)
from storage.delivery_queue import PIECE
from storage.engine import Database
from storage.reports import Change, NewReport
from storage.states import Action, State

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "x"})


def add(db: Database, count: int, *, at: float = T0) -> None:
    for n in range(count):
        reports.add(db, replace(NEW, key=f"{n}"), now=at)


def pieces(job: Callable[[], bool]) -> int:
    """Run a job until it says that there are no more; how often it ran."""
    runs = 1
    while job():
        runs += 1
    return runs


def count(db: Database, state: str) -> int:
    return int(db.execute("select count(*) from reports where state = ?", [state]).fetchone()[0])


def test_reports_are_held_and_released_in_pieces(db: Database) -> None:
    add(db, PIECE * 2 + 50)
    counts = pieces(lambda: delivery_queue.hold(db, "api", {"why": "token"}, now=T0))
    assert (counts, count(db, "held")) == (3, PIECE * 2 + 50)
    released = pieces(lambda: delivery_queue.release(db, "api", now=T0))
    assert (released, count(db, "waiting")) == (3, PIECE * 2 + 50)


@pytest.mark.parametrize("only_new", [True, False])
def test_reports_are_postponed_and_resumed_in_pieces(db: Database, *, only_new: bool) -> None:
    add(db, PIECE + 50)
    cause = {"why": "unreachable"}
    postponed = pieces(
        lambda: outages.postpone(db, "api", cause, until=T0 + 60, now=T0, only_new=only_new)
    )
    assert (postponed, delivery_queue.next_try(db, "api")) == (2, T0 + 60)
    resumed = pieces(lambda: outages.resume(db, "api", now=T0 + 5))
    assert (resumed, delivery_queue.next_try(db, "api")) == (2, T0 + 5)
    assert db.execute("select max(next_try) from reports").fetchone()[0] == T0 + 5


def test_a_postponed_report_has_an_outdated_receipt_only_if_its_cause_changed(
    db: Database,
) -> None:
    add(db, 1)
    version = "select version from receipts"
    seen = []
    for until in (60, 120):
        cause = {"why": "unreachable"}
        outages.postpone(db, "api", cause, until=T0 + until, now=T0)
        seen.append(db.execute(version).fetchone()[0])
    assert seen == [2, 2]


def press(db: Database, of: State, becomes: State, why: str, at: float) -> bool:
    change = Change(becomes, {"why": why, "press": why}, who="U1", next_try=at)
    return reports.decide(db, 2, [of], change, now=at)


def restore(db: Database, at: float) -> bool:
    discarded = press(db, State.WAITING, State.DISCARDED, "discarded", at)
    return discarded and undo.restore(db, 2, who="U1", press="restored", now=at)


def edit(db: Database, at: float) -> bool:
    db.execute("update reports set state = 'refused' where number = 2")
    return reports.edit(db, 2, "e", {"words": "y"}, [], who="U1", now=at)


def send_again(db: Database, at: float) -> bool:
    db.execute("update reports set state = 'unknown' where number = 2")
    return press(db, State.UNKNOWN, State.WAITING, "again", at)


ASKED_FOR: dict[str, Callable[[Database, float], bool]] = {
    "try now": lambda db, at: press(db, State.WAITING, State.WAITING, "asked", at),
    "send again": send_again,
    "edit": edit,
    "restore": restore,
}


@pytest.mark.parametrize("ask", ASKED_FOR.values(), ids=ASKED_FOR)
@pytest.mark.parametrize(("asked_since", "due"), [(0, True), (9, True), (11, False)])
def test_a_report_that_a_person_asked_for_since_then_is_not_postponed(
    db: Database, ask: Callable[[Database, float], bool], asked_since: float, *, due: bool
) -> None:
    add(db, 2)
    assert ask(db, T0 + 10)
    since = T0 + asked_since
    outages.postpone(db, "api", {"why": "busy"}, until=T0 + 60, now=T0 + 12, asked_since=since)
    claimed = delivery_queue.claim(db, "api", "me", now=T0 + 12, lease=30).report
    assert (claimed is not None) == due


def test_a_postponed_report_is_not_claimed_before_its_time(db: Database) -> None:
    add(db, 3)
    outages.postpone(db, "api", {"why": "busy"}, until=T0 + 60, now=T0)
    early = delivery_queue.claim(db, "api", "me", now=T0 + 59, lease=30)
    assert early.report is None
    assert early.next_try == T0 + 60
    claimed = delivery_queue.claim(db, "api", "me", now=T0 + 60, lease=30).report
    assert claimed is not None
    assert claimed.number == 1


def test_only_what_a_person_asked_for_is_claimed_during_an_outage(db: Database) -> None:
    add(db, 2)
    asked = reports.Change(State.WAITING, {"why": "asked"}, next_try=T0)
    reports.decide(db, 2, [State.WAITING], asked, now=T0)
    claims = [
        delivery_queue.claim(db, "api", "me", now=T0, lease=30, asked_only=True).report
        for _ in range(2)
    ]
    assert [report and report.number for report in claims] == [2, None]


NOT_JSON = ["not json", "", "[1", '{"words": "half', "[" * 100_000]
DAMAGED = [*NOT_JSON, "[]", "null"]


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_report_whose_payload_cannot_be_read_is_refused_and_the_next_is_claimed(
    db: Database, text: str
) -> None:
    add(db, 2)
    db.execute("update reports set payload = ? where number = 1", [text])
    claimed = delivery_queue.claim(db, "api", "me", now=T0, lease=30).report
    assert claimed is not None
    assert claimed.number == 2
    assert count(db, "refused") == 1


@pytest.mark.parametrize("column", ["origin", "answer", "cause"])
@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_report_is_sent_although_another_of_its_columns_cannot_be_read(
    db: Database, column: str, text: str
) -> None:
    add(db, 1)
    db.execute(f"update reports set {column} = ? where number = 1", [text])  # noqa: S608 - ours
    assert outages.current_outage(db, "api", ["busy"], now=T0) is None
    claimed = delivery_queue.claim(db, "api", "me", now=T0, lease=30).report
    assert claimed is not None
    assert claimed.payload == {"words": "x"}


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_what_cannot_be_read_is_left_out_of_the_uses(db: Database, text: str) -> None:
    add(db, 2)
    db.execute("update reports set payload = ? where number = 1", [text])
    found = uses.list_uses(db, "kind", after=0, limit=9)
    assert [use.number for use in found] == [2]


@pytest.mark.parametrize("text", NOT_JSON, ids=range(len(NOT_JSON)))
def test_a_look_up_that_cannot_be_read_is_made_again(db: Database, text: str) -> None:
    cache.keep(db, "token", {"found": 1}, until=T0 + 60, now=T0)
    db.execute("update lookups set found = ?", [text])
    assert cache.get(db, "token", now=T0) is None


def test_a_lease_from_before_the_date_was_set_back_is_over(db: Database) -> None:
    add(db, 1)
    delivery_queue.claim(db, "api", "me", now=T0, lease=30)
    assert delivery_queue.fail_stalled(db, "api", now=T0 - 3600) == []
    assert delivery_queue.fail_stalled(db, "api", now=T0 - 3600, longest=60) == [1]


def test_what_a_dead_owner_was_sending_does_not_wait_for_its_lease(db: Database) -> None:
    add(db, 2)
    for owner in ("dead", "alive"):
        delivery_queue.claim(db, "api", owner, now=T0, lease=30)
    stalled = delivery_queue.fail_stalled(db, "api", now=T0, is_dead=lambda name: name == "dead")
    assert stalled == [1]


def test_a_receipt_of_a_dead_owner_does_not_wait_for_its_lease(db: Database) -> None:
    add(db, 2)
    db.execute("update receipts set thread_channel = 'C' || number")
    for owner in ("dead", "alive"):
        receipts.claim(db, owner, now=T0, lease=30, busy=[])
    receipts.retry_all(db, now=T0, is_dead=lambda name: name == "dead")
    claims = [receipts.claim(db, "me", now=T0, lease=30, busy=[]).receipt for _ in range(2)]
    assert [receipt and receipt.number for receipt in claims] == [1, None]


QUERIES: dict[str, Callable[[Database], Any]] = {
    "claim": lambda db: delivery_queue.claim(db, "api", "me", now=T0, lease=30),
    "hold": lambda db: delivery_queue.hold(db, "api", {}, now=T0),
    "release": lambda db: delivery_queue.release(db, "api", now=T0),
    "postpone": lambda db: outages.postpone(db, "api", {}, until=T0 + 9, now=T0),
    "resume": lambda db: outages.resume(db, "api", now=T0),
    "held": lambda db: delivery_queue.held(db, "api"),
    "next_try": lambda db: delivery_queue.next_try(db, "api"),
    "sent_since": lambda db: unknown_reports.sent_since(db, "api", T0, but=1),
    "unknown_since": lambda db: unknown_reports.unknown_since(db, "api", since=T0),
    "fail_stalled": lambda db: delivery_queue.fail_stalled(db, "api", now=T0),
    "current_outage": lambda db: outages.current_outage(db, "api", ["busy"], now=T0),
    "next_due": receipts.next_due,
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_no_query_of_the_queue_reads_all_reports(
    file: sqlite_utils.Database, query: Callable[[Database], Any]
) -> None:
    asked: list[str] = []
    file.conn.set_trace_callback(asked.append)
    query(file)
    file.conn.set_trace_callback(None)
    plan = [row["detail"] for sql in asked for row in file.query(f"explain query plan {sql}")]
    # A scan of an index that holds only what is in flight is short.
    short = ("json_each", "places", "INDEX reports_in_flight")
    scans = [step for step in plan if step.startswith("SCAN")]
    assert [step for step in scans if not any(name in step for name in short)] == []


OF_THE_API: dict[str, Callable[[Database, float], object]] = {
    "busy": lambda db, now: outages.postpone(db, "api", {"why": "busy"}, until=T0 + 900, now=now),
    "busy before it is tried": lambda db, now: outages.postpone(
        db, "api", {"why": "busy"}, until=T0 + 900, now=now, only_new=True
    ),
    "refuses the token": lambda db, now: delivery_queue.hold(db, "api", {"why": "token"}, now=now),
}


@pytest.mark.parametrize("happens", OF_THE_API.values(), ids=OF_THE_API)
def test_what_an_api_says_takes_no_undo_away(
    db: Database, happens: Callable[[Database, float], object]
) -> None:
    reports.add(db, replace(NEW, undo_seconds=60), now=T0)
    happens(db, T0 + 10)
    outages.resume(db, "api", now=T0 + 20)
    delivery_queue.release(db, "api", now=T0 + 20)
    assert delivery_queue.claim(db, "api", "me", now=T0 + 59, lease=30).report is None
    report = reports.get(db, 1)
    assert report is not None
    assert Action.UNDO in undo.offered(report, now=T0 + 59, undo_seconds=60)
    assert undo.undo(db, 1, who="U1", press="p", now=T0 + 59)


@pytest.mark.parametrize("happens", OF_THE_API.values(), ids=OF_THE_API)
def test_what_an_api_says_counts_once_a_report_cannot_be_undone_any_more(
    db: Database, happens: Callable[[Database, float], object]
) -> None:
    reports.add(db, replace(NEW, undo_seconds=60), now=T0)
    happens(db, T0 + 60)
    assert delivery_queue.claim(db, "api", "me", now=T0 + 61, lease=30).report is None


@pytest.mark.parametrize(("began", "ends"), [(-5, True), (5, False)])
def test_a_late_answer_ends_no_outage_that_began_after_its_send(
    db: Database, began: float, *, ends: bool
) -> None:
    add(db, 1)
    assert delivery_queue.claim(db, "api", "me", now=T0, lease=30).report is not None
    outage_log.begin(db, "api", outage_log.TOKEN, {}, now=T0 + began)
    assert delivery_queue.fail_stalled(db, "api", now=T0 + 31) == [1]
    filed = Change(State.FILED, {"why": "answered"})
    assert delivery_queue.finish(db, 1, "me", 1, filed, [], now=T0 + 32)
    ended = db.execute("select ended_at from outages").fetchone()[0]
    assert (ended is not None) == ends
