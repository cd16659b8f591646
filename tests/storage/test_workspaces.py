"""The workspace of each row that belongs to a channel, and rows from before it was known."""

from pathlib import Path

import pytest

from storage import audit, outage_log, posted_weeks, reports, workspaces
from storage.database import open_database
from storage.engine import Database
from storage.states import State
from storage.workspaces import Installation
from tests.storage.test_old_files import NAMES, written_by

T0 = 1_800_000_000.0


def add(db: Database, key: str) -> int:
    new = reports.NewReport(key=key, kind="k", api="a", who="U1", origin={}, payload={})
    return reports.add(db, new, now=T0)[0]


def teams(db: Database) -> list[str]:
    return [row[0] for row in db.execute("select team from reports order by number")]


def test_the_first_workspace_stays_the_home(db: Database) -> None:
    assert workspaces.installation(db) == Installation()
    first = workspaces.remember(db, "T1", "E1")
    second = workspaces.remember(db, "T2", "")
    assert first == Installation(home="T1", team="T1", enterprise="E1")
    assert second == workspaces.installation(db) == Installation(home="T1", team="T2")


def test_a_report_has_the_workspace_that_the_bot_was_installed_in(db: Database) -> None:
    add(db, "before Slack has said it")
    filled = workspaces.fill(db)
    workspaces.remember(db, "T1", "")
    add(db, "in the first workspace")
    workspaces.fill(db)
    workspaces.remember(db, "T2", "")
    add(db, "in the second workspace")
    workspaces.fill(db)
    assert not filled
    assert teams(db) == ["T1", "T1", "T2"]
    assert list(audit.faults(db)) == []


def test_a_job_fills_a_piece_of_the_reports(db: Database) -> None:
    for number in range(workspaces.PIECE + 1):
        add(db, f"key {number}")
    workspaces.remember(db, "T1", "")
    assert workspaces.fill(db)
    assert teams(db).count("") == 1
    assert not workspaces.fill(db)
    assert set(teams(db)) == {"T1"}


@pytest.mark.parametrize("version", NAMES)
def test_the_rows_of_every_released_version_get_the_workspace_and_keep_their_history(
    tmp_path: Path, version: str
) -> None:
    path = tmp_path / "constat.db"
    written_by(version, path)
    db = open_database(path)
    workspaces.remember(db, "T1", "")
    workspaces.fill(db)
    assert teams(db) == ["T1"] * len(State)
    assert list(audit.faults(db)) == []
    db.close()


def test_a_week_is_posted_once_in_the_same_channel_of_each_workspace(db: Database) -> None:
    claimed = []
    for team in ("T1", "T2", "T1", "T2"):
        workspaces.remember(db, team, "")
        claimed.append(posted_weeks.claim(db, "C1", "2026-11-23", now=T0))
    assert claimed == [True, True, False, False]


def test_a_week_that_was_posted_before_the_workspace_was_known_is_not_posted_again(
    db: Database,
) -> None:
    first = posted_weeks.claim(db, "C1", "2026-11-23", now=T0)
    workspaces.remember(db, "T1", "")
    assert first
    assert not posted_weeks.claim(db, "C1", "2026-11-23", now=T0)


def open_outages(db: Database) -> list[tuple[str, str]]:
    sql = "select source, team from outages where ended_at is null order by source, team"
    return [tuple(row) for row in db.execute(sql)]


def test_a_channel_has_outages_of_its_own_in_each_workspace_and_an_api_has_not(
    db: Database,
) -> None:
    for team in ("T1", "T2"):
        workspaces.remember(db, team, "")
        outage_log.begin(db, "C1", "not_in_channel", {}, now=T0, of_channel=True)
        outage_log.begin(db, "kare", outage_log.TOKEN, {}, now=T0)
    assert open_outages(db) == [("C1", "T1"), ("C1", "T2"), ("kare", "")]
    outage_log.end(db, "C1", now=T0)
    outage_log.end(db, "kare", now=T0)
    assert open_outages(db) == [("C1", "T1")]
