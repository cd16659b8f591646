"""What the file says of reports: one for each form, found again, sent by one, and unchanged."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils

from storage import audit, delivery_queue, receipts, reports, uses
from storage.database import open_database
from storage.engine import Database
from storage.migrations import migrations
from storage.reports import Change, NewReport
from storage.states import State
from tests.storage import old_chain

T0 = 1_800_000_000.0
DAY = 86_400.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "x"}, targets=["home"])
FILED = Change(State.FILED, {"why": "answered"}, remote_id="r1")


def add(db: Database, key: str, *, at: float = T0, target: str = "home") -> int:
    return reports.add(db, replace(NEW, key=key, targets=[target]), now=at)[0]


def state(db: Database, number: int) -> str:
    report = reports.get(db, number)
    return str(report.state) if report else "none"


def test_the_same_form_twice_is_one_report(db: Database) -> None:
    assert [add(db, "one"), add(db, "one"), add(db, "two")] == [1, 1, 2]


EARLIER = [
    ("filed lately", T0 - DAY, State.FILED, [1]),
    ("filed long ago", T0 - 40 * DAY, State.FILED, []),
    ("open for long", T0 - 40 * DAY, State.WAITING, [1]),
    ("in doubt for long", T0 - 40 * DAY, State.UNKNOWN, [1]),
    ("refused lately", T0 - DAY, State.REFUSED, []),
    ("given up lately", T0 - DAY, State.DISCARDED, []),
]


@pytest.mark.parametrize(
    ("at", "state", "found"), [row[1:] for row in EARLIER], ids=[row[0] for row in EARLIER]
)
def test_a_report_of_the_same_is_asked_about_when_it_is(
    db: Database, at: float, state: State, found: list[int]
) -> None:
    number = add(db, "first", at=at)
    reports.decide(db, number, [State.WAITING], Change(state), now=at)
    answer = reports.add_unless_known(db, replace(NEW, key="second"), now=T0, since=T0 - 30 * DAY)
    asked = [report.number for report in answer] if isinstance(answer, list) else []
    assert asked == found


def test_earlier_reports_are_found_by_index(file: sqlite_utils.Database) -> None:
    asked: list[str] = []
    file.conn.set_trace_callback(asked.append)
    reports.add_unless_known(file, NEW, now=T0, since=T0 - DAY)
    file.conn.set_trace_callback(None)
    query = next(one for one in asked if "from targets" in one)
    plan = [row["detail"] for row in file.query(f"explain query plan {query}")]
    assert [one for one in plan if one.startswith("SCAN") and "json_each" not in one] == []


def test_what_a_kind_named_last_is_found_behind_any_number_of_others(
    file: sqlite_utils.Database,
) -> None:
    asked: list[str] = []
    file.conn.set_trace_callback(asked.append)
    uses.list_uses(file, "kind", after=0, limit=10)
    file.conn.set_trace_callback(None)
    plan = [row["detail"] for row in file.query(f"explain query plan {asked[-1]}")]
    assert plan == ["SEARCH reports USING INDEX reports_of_kind (kind=? AND number>?)"]


def test_the_oldest_that_is_due_is_taken_first_and_only_once(db: Database) -> None:
    for key in ("a", "b", "c"):
        add(db, key)
    taken = [delivery_queue.claim(db, "api", owner, now=T0, lease=30).report for owner in "xyxy"]
    assert [report.number if report else None for report in taken] == [1, 2, 3, None]


def test_a_late_answer_counts_unless_somebody_decided_since(db: Database) -> None:
    for key in ("buried", "decided"):
        add(db, key)
        delivery_queue.claim(db, "api", "slow", now=T0, lease=30)
    delivery_queue.fail_stalled(db, "api", now=T0 + 60)
    again = Change(State.WAITING, {"why": "again"}, who="U1", next_try=T0 + 61)
    reports.decide(db, 2, [State.UNKNOWN], again, now=T0 + 61)
    settled = [delivery_queue.finish(db, n, "slow", 1, FILED, [], now=T0 + 70) for n in (1, 2)]
    assert (settled, state(db, 1), state(db, 2)) == ([True, False], "filed", "waiting")


def test_an_answer_to_an_earlier_send_does_not_settle_a_later_one(db: Database) -> None:
    add(db, "twice")
    delivery_queue.claim(db, "api", "one", now=T0, lease=30)
    delivery_queue.fail_stalled(db, "api", now=T0 + 60)
    reports.decide(db, 1, [State.UNKNOWN], Change(State.WAITING, next_try=T0), now=T0)
    delivery_queue.claim(db, "api", "one", now=T0 + 61, lease=30)
    assert not delivery_queue.finish(db, 1, "one", 1, FILED, [], now=T0 + 62)


def test_a_lease_that_is_renewed_is_not_buried(db: Database) -> None:
    add(db, "slow")
    delivery_queue.claim(db, "api", "alive", now=T0, lease=30)
    delivery_queue.renew(db, "alive", [1], now=T0 + 25, lease=30)
    assert (
        delivery_queue.fail_stalled(db, "api", now=T0 + 50),
        delivery_queue.fail_stalled(db, "api", now=T0 + 56),
    ) == ([], [1])


def test_the_next_receipt_is_due_once_a_dead_tellers_lease_is_over(db: Database) -> None:
    add(db, "one")
    receipts.claim(db, "dead", now=T0, lease=30, busy=[])
    assert receipts.next_due(db) == T0 + 30


def test_an_older_versions_file_is_brought_to_this_ones_shape(tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    old = sqlite_utils.Database(path)
    old.conn.row_factory = sqlite3.Row
    first = migrations.pending(old)[0].name
    migrations.apply(old, stop_before=migrations.pending(old)[1].name)
    written = old.execute(
        "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
        " changed_at, next_try) values ('k', 'kind', 'api', 'U1', 1, '{}', '{}', 'waiting', '{}',"
        " 1, 1) returning *"
    ).fetchone()
    old_chain.append(old, written, {"why": "submitted"}, T0)
    old.conn.commit()
    old.close()
    db = open_database(path)
    names = [migration.name for migration in migrations.applied(db)]
    found = (names[0], not migrations.pending(db), state(db, 1), next(audit.faults(db), None))
    db.close()
    assert found == (first, True, "waiting", None)


@pytest.fixture
def told(db: Database) -> Database:
    """Two reports with a history of six rows."""
    for key in ("a", "b"):
        add(db, key)
        delivery_queue.claim(db, "api", "me", now=T0 + 1, lease=30)
    for number in (1, 2):
        delivery_queue.finish(db, number, "me", 1, FILED, [], now=T0 + 2)
    return db


TAMPERING = [
    ("update history set at = at + 1 where id = 2", "history row 2 (report 1) does not fit"),
    ("update history set who = 'U2' where id = 1", "history row 1 (report 1) does not fit"),
    ("update history set state = 'refused' where id = 5", "history row 5 (report 1) does not fit"),
    ("update history set cause = '{}' where id = 6", "history row 6 (report 2) does not fit"),
    ("update history set report_hash = 'x' where id = 3", "history row 3 (report 2) does not fit"),
    ("delete from history where id = 1", "history row 1 is missing"),
    ("delete from history where id = 4", "history row 4 is missing"),
    ("delete from history where id = 6", "history row 6 is missing"),
    ("update reports set state = 'discarded' where number = 1", "report 1 is not in the state"),
    ("update reports set payload = '{}' where number = 2", "report 2 does not hold"),
]


@pytest.mark.parametrize(("sql", "fault"), TAMPERING, ids=[row[0] for row in TAMPERING])
def test_a_change_of_the_log_is_named(told: Database, sql: str, fault: str) -> None:
    told.execute(sql)
    assert next(audit.faults(told), "").startswith(fault)


def test_a_log_that_nobody_changed_fits(told: Database) -> None:
    assert list(audit.faults(told)) == []
