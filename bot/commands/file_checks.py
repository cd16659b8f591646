"""The checks of `constat doctor` that look at the database file."""

import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from bot.commands.check import Check, fault, ok, warning
from bot.commands.reasons import reason
from bot.commands.times import length
from storage import audit, file_shape, report_queries
from storage.database import UnusableDatabaseError, open_for_reading, usable
from storage.file_safety import files_of
from storage.report_queries import ReportFilter

HOUR = 3600.0
LITTLE_SPACE, NO_SPACE = 2**30, 100 * 2**20
"""Free bytes below which there is a warning, and a fault."""
OTHERS = 0o077
"""The permissions of everybody but the owner."""


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
            return [*_content(db, path), *checks]
    except UnusableDatabaseError as error:
        return [fault("database", str(error), "stop the bot and restore a backup"), *checks]
    finally:
        db.close()


def _content(db: Database, path: Path) -> Iterator[Check]:
    damage = db.execute("pragma integrity_check").fetchone()[0]
    if damage != "ok":
        yield fault("database", f"{path} is damaged: {damage}", "stop the bot and restore a backup")
        return
    pending = file_shape.missing_steps(db)
    if not pending and (missing := file_shape.missing_parts(db)):
        remedy = "find out who changed the file; stop the bot and restore a backup"
        yield fault("database", f"{path} lacks {', '.join(missing)}", remedy)
        return
    count = db.execute("select count(*) from reports").fetchone()[0]
    yield ok("database", f"{count:,} reports in {path.stat().st_size / 1e6:,.1f} MB, undamaged")
    if pending:
        yield warning(
            "version",
            f"the file lacks {len(pending)} steps of this version",
            "make a backup, and start the bot once",
        )
        return
    yield ok("version", "the file is of this version")
    difference = next(audit.faults(db), None)
    yield (
        fault("audit trail", difference, "find out who changed the file; compare it with a backup")
        if difference
        else ok("audit trail", "nothing was changed")
    )
    yield from _unsent(db)


def _unsent(db: Database) -> Iterator[Check]:
    held_report = next(report_queries.list_reports(db, ReportFilter(states=["held"])), None)
    oldest = report_queries.oldest_unsent(db)
    age = time.time() - oldest.created_at if oldest else 0.0
    if held_report:
        why = reason(held_report.cause)
        yield fault("unsent", f"reports are held: {why}", "renew the setting and restart the bot")
    elif oldest and age > HOUR:
        why = reason(oldest.cause) or "nobody has tried to send it"
        finding = f"report {oldest.number} has waited for {length(age)}: {why}"
        remedy = "look at constat log --stuck, and whether the bot runs"
        yield (fault if age > 24 * HOUR else warning)("unsent", finding, remedy)
    else:
        yield ok("unsent", f"the oldest has waited for {length(age)}" if oldest else "none")
    wanted = ReportFilter(states=["refused", "unknown"])
    undecided = sum(1 for _ in report_queries.list_reports(db, wanted))
    if undecided:
        finding = f"{undecided:,} reports are refused or unknown, and nobody has decided"
        yield warning("undecided", finding, "look at constat log --stuck; then retry or discard")
    else:
        yield ok("undecided", "none")


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
