"""The file of a running or a stopped bot, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from bot import settings as configuration
from bot.settings import Settings
from storage.database import (
    UnusableDatabaseError,
    open_existing,
    open_for_reading,
    usable,
)
from storage.migrations import migrations


def load_settings() -> Settings:
    """:raises SettingsError: when CONSTAT_DB is missing, or any setting is malformed"""
    return configuration.load_settings("log")


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """Read the file as it is at one moment. A bot can go on writing meanwhile.

    :raises UnusableDatabaseError: when there is no such file, it is not ours, it is damaged, or an
        older constat wrote it
    """
    db = open_for_reading(path)
    try:
        with usable(path, "read"):
            check_version(db, path)
            db.execute("begin")
            yield db
    finally:
        db.close()


@contextmanager
def open_writable(path: Path) -> Iterator[Database]:
    """Open the file to change it, beside a running bot or without one.

    :raises UnusableDatabaseError: as `reading`, and when the file cannot be written
    """
    db = open_existing(path)
    try:
        with usable(path, "written"):
            check_version(db, path)
            yield db
    finally:
        db.close()


@contextmanager
def writing(path: Path) -> Iterator[Database]:
    """Change the file in one transaction.

    :raises UnusableDatabaseError: as `open_writable`
    """
    with open_writable(path) as db:
        db.execute("begin immediate")
        with db.conn:
            yield db


def check_version(db: Database, path: Path) -> None:
    """:raises UnusableDatabaseError: when the file lacks steps of this version"""
    if migrations.pending(db):
        raise UnusableDatabaseError(
            f"{path} was written by an older constat: start the bot once to update it"
        )
