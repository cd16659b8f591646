"""The file stays private, and a file that nobody would find again is not written."""

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import reports
from storage.database import open_database
from storage.reports import NewReport
from storage.store import NotStoredError, Store

T0 = 1_800_000_000.0
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "here"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "constat.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = Store(path)
    yield opened
    opened.close()


async def add(store: Store, key: str) -> None:
    await store.write_urgent(reports.add, replace(NEW, key=key), now=T0)


def delete(path: Path) -> None:
    path.unlink()


def delete_all(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def delete_log(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def restore(path: Path) -> None:
    """As a restore does that writes a new file and puts it in the place of the old."""
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


def link(path: Path, to: str) -> None:
    path.symlink_to(to)


def move(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


def empty(path: Path) -> None:
    os.truncate(path, 0)


def overwrite(path: Path) -> None:
    """As a copy of a file that is no database, which keeps the identity of the file."""
    with path.open("r+b") as file:
        file.write(b"PK\x03\x04" + b"\0" * 96)


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("old"))


HARM = {
    delete: "constat.db was deleted",
    delete_all: "constat.db was deleted",
    delete_log: "constat.db-wal was deleted",
    restore: "constat.db was replaced",
    move_folder: "constat.db was deleted",
    empty: "constat.db was overwritten",
    overwrite: "constat.db was overwritten",
}


@pytest.mark.parametrize(("harm", "fault"), HARM.items())
async def test_nothing_is_stored_in_a_file_that_nobody_would_find_again(
    store: Store, path: Path, harm: Callable[[Path], None], fault: str
) -> None:
    await add(store, "before")
    harm(path)
    with pytest.raises(NotStoredError, match=fault):
        await add(store, "after")
    assert fault in str(store.fault())
    assert await store.read(reports.sent_by, "after") is None


async def test_the_log_says_once_that_the_file_is_gone(
    store: Store, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    delete(path)
    for key in ("a", "b", "c"):
        with pytest.raises(NotStoredError):
            await add(store, key)
    errors = [line for line in caplog.records if line.levelno >= logging.ERROR]
    message = "nothing is stored until the file is back, or constat is restarted"
    assert [line.getMessage() for line in errors] == [message]
    assert [vars(line)["why"] for line in errors] == [f"{path} was deleted while it was in use"]


async def test_a_file_that_was_moved_away_and_back_is_written_again(
    store: Store, path: Path
) -> None:
    move(path, "away")
    with pytest.raises(NotStoredError):
        await add(store, "away")
    move(path.with_name("away"), path.name)
    await add(store, "back")
    assert store.fault() is None
    assert await store.read(reports.sent_by, "back") == 1


_ANOTHER_PROGRAM = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("select count(*) from reports").fetchone()[0])
db.close()
"""


async def test_a_program_that_closes_the_file_leaves_the_log_of_the_bot_alone(
    store: Store, path: Path
) -> None:
    """SQLite's last connection deletes `-wal`. The locks of the bot say that it is not the last."""
    await add(store, "before")
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _ANOTHER_PROGRAM, str(path)), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await program.communicate()
    await add(store, "after")
    assert printed == b"1\n"
    assert store.fault() is None
    assert await store.read(reports.sent_by, "after") == 2


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(path: Path) -> dict[str, str]:
    return {file.name: f"{file.stat().st_mode & 0o777:o}" for file in path.parent.iterdir()}


PRIVATE = {"constat.db": "600", "constat.db-wal": "600", "constat.db-shm": "600"}


@pytest.mark.usefixtures("open_umask")
async def test_only_the_owner_may_read_a_new_file_whatever_the_umask(path: Path) -> None:
    store = Store(path)
    await add(store, "one")
    found = modes(path)
    store.close()
    assert found == PRIVATE


@pytest.mark.usefixtures("open_umask")
async def test_a_file_that_others_may_read_is_made_private_and_the_log_says_so(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = open_database(path)
    for file in path.parent.iterdir():
        file.chmod(0o644)
    store = Store(path)
    found = modes(path)
    store.close()
    other.close()
    assert found == PRIVATE
    wanted = "other users could read a file; its permissions were corrected"
    warned = [(record.message, vars(record).get("file")) for record in caplog.records]
    assert (wanted, path) in warned


async def test_a_link_to_the_file_is_followed(path: Path) -> None:
    link(path, "real.db")
    store = Store(path)
    await add(store, "one")
    fault, found = store.fault(), modes(path)
    store.close()
    assert fault is None
    assert (found["real.db"], found["real.db-wal"]) == ("600", "600")


async def test_a_long_write_ahead_log_is_cut_after_it_was_copied(path: Path) -> None:
    db = open_database(path)
    limit = db.execute("pragma journal_size_limit").fetchone()[0]
    db.close()
    assert 0 < limit <= 100_000_000
