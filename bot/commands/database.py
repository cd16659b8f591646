"""The database of a running or a stopped bot, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot import settings as configuration
from bot.settings import Settings
from storage import moves
from storage.address import DatabaseAddress, PostgresAddress
from storage.engine import Database, UnusableDatabaseError, transaction
from storage.opening import (
    check_server,
    open_existing,
    open_for_reading,
    pending_steps,
    usable,
)

__all__ = [
    "Database", "DatabaseAddress", "PostgresAddress", "UnusableDatabaseError", "check_server",
    "check_version", "load_settings", "open_for_reading", "open_writable", "pending_steps",
    "reading", "transaction", "usable", "writing",
]  # fmt: skip


def load_settings() -> Settings:
    """:raises SettingsError: when CONSTAT_DB is missing, or any setting is malformed"""
    return configuration.load_settings("log")


@contextmanager
def reading(address: DatabaseAddress) -> Iterator[Database]:
    """Read the database as it is at one moment. A bot can go on writing meanwhile.

    :raises UnusableDatabaseError: when there is no such database, it is not ours, it is damaged,
        or an older constat wrote it
    """
    db = open_for_reading(address)
    try:
        with usable(address, "read"):
            check_version(db, address)
            db.execute("begin")
            yield db
    finally:
        db.close()


@contextmanager
def open_writable(address: DatabaseAddress) -> Iterator[Database]:
    """Open the database to change it, beside a running bot or without one.

    :raises UnusableDatabaseError: as `reading`, and when the database cannot be written
    """
    db = open_existing(address)
    try:
        with usable(address, "written"):
            check_version(db, address)
            moves.check(db, address)
            yield db
    finally:
        db.close()


@contextmanager
def writing(address: DatabaseAddress) -> Iterator[Database]:
    """Change the database in one transaction.

    :raises UnusableDatabaseError: as `open_writable`
    """
    with open_writable(address) as db, transaction(db):
        yield db


def check_version(db: Database, address: DatabaseAddress) -> None:
    """:raises UnusableDatabaseError: when the database lacks steps of this version"""
    if pending_steps(db):
        raise UnusableDatabaseError(
            f"{address} was written by an older constat: start the bot once to update it"
        )
