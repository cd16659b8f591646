"""A copy of the file, taken beside a running bot."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from storage import audit, moves
from storage.database import open_for_reading, usable
from storage.engine import UnusableDatabaseError
from storage.file_safety import create_private
from storage.migrations import migrations


@dataclass(frozen=True)
class Backup:
    """The content of a copy."""

    reports: int
    bytes: int
    audit_fault: str | None
    """The first difference of the audit trail, which the original has too."""
    audited: bool
    """Whether the audit trail was checked. That of an older version is not."""


def back_up(source: Path, target: Path) -> Backup:
    """Copy the file as it is at one moment, and check the copy.

    The copy is one file that only its owner may read. It takes the place of an older file of its
    name only when it was checked and is on disk.

    :raises UnusableDatabaseError: when the original cannot be read or was moved elsewhere, or the
        copy cannot be written or is damaged; then there is no copy, and an older file of its name
        is as it was
    """
    part = target.with_name(f"{target.name}.part")
    try:
        _copy(source, part)
        backup = _checked(part, source)
        with usable(target, "written"):
            _to_disk(part)
            part.replace(target)
            _to_disk(target.parent)
    except OSError as error:
        raise UnusableDatabaseError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return backup


def _copy(source: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    original = open_for_reading(source)
    try:
        create_private(part)
        with usable(part, "written"):
            copy = sqlite3.connect(part)
            try:
                # All pages in one step are one moment of the original. In WAL mode this holds up
                # neither the writer nor the readers of a bot.
                original.conn.backup(copy)
                copy.execute("pragma journal_mode = delete")
            finally:
                copy.close()
    finally:
        original.close()


def _checked(part: Path, source: Path) -> Backup:
    """:raises UnusableDatabaseError: when the copy is damaged, or its original was moved"""
    copy = open_for_reading(part)
    try:
        with usable(part, "read"):
            fault = copy.execute("pragma integrity_check").fetchone()[0]
            if fault != "ok":
                raise UnusableDatabaseError(f"the copy is damaged, and was deleted: {fault}")
            audited = not migrations.pending(copy)
            if audited:
                moves.check(copy, source)
            return Backup(
                reports=count_of(copy, "reports"),
                bytes=part.stat().st_size,
                audit_fault=next(audit.faults(copy), None) if audited else None,
                audited=audited,
            )
    finally:
        copy.close()


def count_of(db: Database, table: str) -> int:
    return int(db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 - ours


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
