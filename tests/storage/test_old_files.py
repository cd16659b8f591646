"""The file of every version that was released is opened, with reports in every state."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage import audit, delivery_queue, receipts, reports
from storage.database import open_database
from storage.migrations import migrations
from storage.states import State
from tests.storage import old_chain

T0 = 1_800_000_000.0
NAMES = [migration.name for migration in migrations._migrations]
STATES = list(State)

# As the first version wrote them: these columns exist since then.
REPORT = (
    "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
    " changed_at, attempts, next_try, owner, lease) values (:key, 'kind', 'api', 'U1', :at, '{}',"
    ' \'{"words":"x"}\', :state, :cause, :at, :attempts, :at, :owner, :lease) returning *'
)
RECEIPT = (
    "insert into receipts (number, next_try, thread_channel, thread_ts, channel, ts)"
    " values (?, ?, 'C1', '1.1', 'C1', '1.2')"
)


def written_by(version: str, path: Path) -> None:
    """Make a file as the version with this last step made it: one report in each state."""
    old = Database(path)
    old.conn.row_factory = sqlite3.Row
    after = NAMES[NAMES.index(version) + 1 :]
    migrations.apply(old, stop_before=after[0] if after else None)
    old.conn.commit()
    old.enable_wal()
    for state in STATES:
        row = old.execute(REPORT, report_in(state)).fetchone()
        old_chain.append(old, row, {"why": "submitted"}, T0)
        old.execute(RECEIPT, [row["number"], T0])
        old.execute("insert into targets values (?, 'kind', ?)", [f"home {state}", row["number"]])
    old.conn.commit()
    old.close()


def report_in(state: State) -> dict[str, Any]:
    sending = state == State.SENDING
    return {
        "key": state.value,
        "state": state.value,
        "at": T0,
        "cause": "{}" if sending else '{"why":"x"}',
        "attempts": int(state not in {State.WAITING, State.HELD}),
        "owner": "host-12-0badcafe" if sending else None,
        "lease": T0 + 30 if sending else None,
    }


@pytest.mark.parametrize("version", NAMES)
def test_a_file_of_every_released_version_is_opened_with_all_its_reports(
    tmp_path: Path, version: str
) -> None:
    path = tmp_path / "constat.db"
    written_by(version, path)
    db = open_database(path)
    numbers = range(1, len(STATES) + 1)
    stored = [reports.get(db, number) for number in numbers]
    assert [report and report.state for report in stored] == STATES
    assert [reports.sent_by(db, state.value) for state in STATES] == list(numbers)
    assert list(audit.faults(db)) == []
    assert [migration.name for migration in migrations.applied(db)] == NAMES
    db.close()


@pytest.mark.parametrize("version", NAMES)
def test_the_work_of_every_released_version_goes_on(tmp_path: Path, version: str) -> None:
    path = tmp_path / "constat.db"
    written_by(version, path)
    db = open_database(path)
    stalled = delivery_queue.fail_stalled(db, "api", now=T0 + 60)
    cause = delivery_queue.claim(db, "api", "me", now=T0 + 60, lease=30).held
    claimed = delivery_queue.claim(db, "api", "me", now=T0 + 60, lease=30, past_hold=True).report
    receipt = receipts.claim(db, "me", now=T0 + 60, lease=30, busy=[]).receipt
    assert stalled == [STATES.index(State.SENDING) + 1]
    assert cause == {"why": "x"}
    assert claimed is not None
    assert claimed.number == STATES.index(State.WAITING) + 1
    assert receipt is not None
    assert (receipt.channel, receipt.ts, receipt.thread_ts) == ("C1", "1.2", "1.1")
    assert list(audit.faults(db)) == []
    db.close()


def test_a_file_that_was_opened_once_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    written_by(NAMES[0], path)
    open_database(path).close()
    db = open_database(path)
    assert [migration.name for migration in migrations.applied(db)] == NAMES
    db.close()
