"""A file that cannot be used is refused before anything is written into it, and closed."""

import ctypes
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.database import open_database, open_for_reading
from storage.engine import UnusableDatabaseError
from storage.migrations import migrations

NAMES = [migration.name for migration in migrations._migrations]


def ours(path: Path) -> None:
    open_database(path).close()


def another_programs(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("create table reports (title text)")
    db.close()


def newer(path: Path) -> None:
    ours(path)
    db = sqlite3.connect(path)
    with db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('constat', '2099-01-01 wings', '')"
        )
    db.close()


def text(path: Path) -> None:
    path.write_text("I am a shopping list. " * 100)


def half(path: Path) -> None:
    ours(path)
    os.truncate(path, 5000)


@pytest.mark.parametrize("opened", [open_database, open_for_reading])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (another_programs, "{} is not a database of constat"),
        (newer, "{} was written by a newer constat: 2099-01-01 wings"),
        (text, "{} cannot be {how}: file is not a database"),
        (half, "{} cannot be {how}: database disk image is malformed"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_left_as_it_was(
    tmp_path: Path,
    make: Callable[[Path], None],
    opened: Callable[[Path], object],
    why: str,
) -> None:
    path = tmp_path / "constat.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(UnusableDatabaseError) as refused:
        opened(path)
    how = "used" if opened is open_database else "read"
    assert str(refused.value) == why.format(path, how=how)
    assert path.read_bytes() == before


@pytest.mark.parametrize("opened", [open_database, open_for_reading])
def test_a_folder_is_no_file(tmp_path: Path, opened: Callable[[Path], object]) -> None:
    with pytest.raises(UnusableDatabaseError, match=r"unable to open database file|is not a file"):
        opened(tmp_path)


def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    path.touch()
    db = open_database(path)
    names = [migration.name for migration in migrations.applied(db)]
    db.close()
    assert names == NAMES


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? yes & no.db"
    ours(path)
    db = open_for_reading(path)
    there = db["reports"].exists()
    db.close()
    assert there


def test_what_is_opened_for_reading_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    ours(path)
    db = open_for_reading(path)
    with pytest.raises(sqlite3.OperationalError, match="attempt to write a readonly database"):
        db.execute("delete from reports")
    db.close()


def test_many_who_open_a_new_file_at_once_make_it_once(tmp_path: Path) -> None:
    path = tmp_path / "constat.db"
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(ours, [path] * 24))
    db = open_for_reading(path)
    names = [migration.name for migration in migrations.applied(db)]
    db.close()
    assert names == NAMES


@pytest.mark.skipif(sys.platform != "linux", reason="root is made to obey permissions by prctl")
@pytest.mark.parametrize("folder_too", ["file", "folder"])
def test_a_file_that_may_not_be_written_is_refused_at_the_start(
    tmp_path: Path, folder_too: str
) -> None:
    path = tmp_path / "constat.db"
    ours(path)
    path.chmod(0o400)
    if folder_too == "folder":
        tmp_path.chmod(0o500)
    program = (
        "import sys; from pathlib import Path; from storage.database import open_database\n"
        "from storage.engine import UnusableDatabaseError\n"
        "try: open_database(Path(sys.argv[1]))\n"
        "except UnusableDatabaseError as error: print(error)"
    )
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        check=True,
        preexec_fn=_obey_permissions,
    )
    tmp_path.chmod(0o700)
    assert ended.stdout.decode().startswith(f"{path} cannot be used: ")


def _obey_permissions() -> None:
    """Root may write anything, unless it gives up CAP_DAC_OVERRIDE for what it starts."""
    if os.geteuid() == 0:
        drop_from_bounding_set, dac_override = 24, 1
        assert ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0) == 0
