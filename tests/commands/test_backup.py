"""`constat backup`: a checked copy beside a running bot."""

import sqlite3
import stat
from pathlib import Path

import pytest

from sandbox.slack.seed import ANNONCES, BOB
from tests.commands.conftest import Run
from tests.commands.files import file_report, writing
from tests.world import ID, world


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(file)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_a_copy_has_every_report_and_is_one_private_file(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    ended = run("backup", str(tmp_path / "copy.db"))
    copy = tmp_path / "copy.db"
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == f"copied to {copy}: reports 1, bytes {copy.stat().st_size:,}\n"
    assert rows(copy, "select number, state from reports") == [(1, "filed")]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob("copy.db*")] == ["copy.db"]


async def test_a_copy_of_a_running_bot_has_what_was_just_stored(tmp_path: Path, run: Run) -> None:
    async with world(tmp_path) as bot:
        bob = bot.person(BOB)
        await bob.command("/report-issue", f"other {ID} a blank page", channel=ANNONCES)
        await bob.view()
        await bob.submit()
        assert run("backup", str(tmp_path / "copy.db")).status == 0
    assert len(rows(tmp_path / "copy.db", "select * from reports")) == 1


def test_a_file_that_exists_is_replaced_only_on_request(tmp_path: Path, run: Run) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("yesterday's")
    with writing(tmp_path):
        pass
    refused = run("backup", str(copy))
    assert (refused.status, copy.read_text()) == (1, "yesterday's")
    assert refused.err == f"constat: {copy} exists: choose another name, or give --overwrite\n"
    assert run("backup", str(copy), "--overwrite").status == 0
    assert rows(copy, "select count(*) from reports") == [(0,)]


def test_the_database_is_never_overwritten_by_its_copy(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    ended = run("backup", str(tmp_path / "constat.db"), "--overwrite")
    assert (ended.status, len(rows(tmp_path / "constat.db", "select * from reports"))) == (1, 1)


@pytest.mark.parametrize("damage", [b"\xff" * 4096, b"\x00" * 4096])
def test_a_damaged_file_gives_no_copy_and_leaves_the_last_one(
    tmp_path: Path, run: Run, damage: bytes
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("yesterday's")
    with writing(tmp_path) as db:
        file_report(db)
    with (tmp_path / "constat.db").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(damage * 20)
    ended = run("backup", str(copy), "--overwrite")
    assert ended.status == 1
    assert copy.read_text() == "yesterday's"
    assert list(tmp_path.glob("copy.db?*")) == []


def test_a_copy_whose_audit_trail_does_not_fit_is_kept_and_named(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        db.execute("update reports set who = 'U0SOMEBODY'")
    ended = run("backup", str(tmp_path / "copy.db"))
    assert ended.status == 1
    assert "the copy is whole, but report 1 does not hold what its history says" in ended.err
    assert (tmp_path / "copy.db").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    ended = run("backup", str(tmp_path / "nowhere" / "copy.db"))
    assert ended.status == 1
    assert ended.err.startswith(f"constat: {tmp_path / 'nowhere' / 'copy.db'}")
