"""The checks of `constat doctor` that look at what is stored, on both engines."""

import time
from collections.abc import Iterator

from bot.commands.check import Check, counted, fault, ok, warning
from bot.commands.database import Database, pending_steps
from bot.commands.reasons import reason
from bot.commands.times import length
from storage import audit, report_queries
from storage.report_queries import ReportFilter

HOUR = 3600.0


def content(db: Database, size: str) -> Iterator[Check]:
    """:param size: of the database, as the finding says it"""
    count = db.execute("select count(*) from reports").fetchone()[0]
    yield ok("database", f"{counted(count, 'report')} {size}")
    if pending := pending_steps(db):
        yield warning(
            "version",
            f"the database lacks {counted(len(pending), 'step')} of this version",
            "make a backup, and start the bot once",
        )
        return
    yield ok("version", "the database is of this version")
    difference = next(audit.faults(db), None)
    yield (
        fault(
            "audit trail", difference, "find out who changed the database; compare it with a backup"
        )
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
        finding = f"{counted(undecided, 'report')} refused or unknown, and nobody has decided"
        yield warning("undecided", finding, "look at constat log --stuck; then retry or discard")
    else:
        yield ok("undecided", "none")
