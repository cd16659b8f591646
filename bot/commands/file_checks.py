"""The checks of `constat doctor` that look at the database."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.commands.check import Check, fault, ok, warning
from bot.commands.content_checks import content
from bot.commands.database import (
    Database,
    DatabaseAddress,
    PostgresAddress,
    UnusableDatabaseError,
    check_server,
    open_for_reading,
    pending_steps,
    usable,
)
from storage import file_shape
from storage.file_safety import files_of
from storage.gauges import database_bytes

LITTLE_SPACE, NO_SPACE = 2**30, 100 * 2**20
"""Free bytes below which there is a warning, and a fault."""
OTHERS = 0o077
"""The permissions of everybody but the owner."""


def check_database(address: DatabaseAddress) -> list[Check]:
    """Every check of the database. A file that does not exist yet is no fault."""
    return check_file(address) if isinstance(address, Path) else _check_server(address)


def _check_server(address: PostgresAddress) -> list[Check]:
    try:
        with closing(open_for_reading(address)) as db, usable(address, "read"):
            check_server(db)
            db.execute("begin")
            size = database_bytes(db)["database"]
            return list(content(db, f"in {size / 1e6:,.1f} MB on {address}"))
    except UnusableDatabaseError as error:
        remedy = "correct CONSTAT_DB, or what the server says"
        return [fault("database", str(error), remedy)]


def check_file(path: Path) -> list[Check]:
    """Every check of the file. One that does not exist yet is no fault."""
    if not path.exists():
        found = ok("database", f"{path} does not exist yet; the start of the bot creates it")
        return [found, _free_disk(path.parent)]
    checks = [*_modes(path), _free_disk(path.parent)]
    try:
        db = open_for_reading(path)
    except UnusableDatabaseError as error:
        return [fault("database", str(error), "restore a backup, or correct CONSTAT_DB"), *checks]
    try:
        with usable(path, "read"):
            db.execute("begin")
            if harm := _harm(db, path):
                return [harm, *checks]
            size = f"in {path.stat().st_size / 1e6:,.1f} MB, undamaged"
            return [*content(db, size), *checks]
    except UnusableDatabaseError as error:
        return [fault("database", str(error), "stop the bot and restore a backup"), *checks]
    finally:
        db.close()


def _harm(db: Database, path: Path) -> Check | None:
    """What is damaged in a file, or was removed from it; None when nothing is."""
    damage = db.execute("pragma integrity_check").fetchone()[0]
    if damage != "ok":
        return fault(
            "database", f"{path} is damaged: {damage}", "stop the bot and restore a backup"
        )
    if not pending_steps(db) and (missing := file_shape.missing_parts(db)):
        remedy = "find out who changed the file; stop the bot and restore a backup"
        return fault("database", f"{path} lacks {', '.join(missing)}", remedy)
    return None


def _modes(path: Path) -> Iterator[Check]:
    """One check of the database and the two files that SQLite may keep beside it."""
    there = [file for file in files_of(path) if file.is_file()]
    modes = {file: stat.S_IMODE(file.stat().st_mode) for file in there}
    if readable := {file: mode for file, mode in modes.items() if mode & OTHERS}:
        found = ", ".join(f"{file} has mode {mode:04o}" for file, mode in readable.items())
        remedy = f"chmod 600 {' '.join(map(str, readable))}"
        yield warning("mode", f"{found}: others may read it", remedy)
    elif modes:
        yield ok("mode", f"{modes[there[0]]:04o}")


def _free_disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    finding = f"{free / 1e9:,.1f} GB free in {folder}"
    remedy = "free some space, or move the file to a larger disk"
    if free < NO_SPACE:
        return fault("disk", finding, remedy)
    return warning("disk", finding, remedy) if free < LITTLE_SPACE else ok("disk", finding)
