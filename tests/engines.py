"""Tests on both engines: which database a test's bot has."""

from pathlib import Path

from storage.address import DatabaseAddress, PostgresAddress
from storage.engine import Database

_FILE = "postgres-address"
"""A file beside the bot's database, which names one of PostgreSQL."""


def use_postgres(folder: Path, address: PostgresAddress) -> None:
    """Give the bots of a folder a database of PostgreSQL."""
    (folder / _FILE).write_text(address.url)


def address_in(folder: Path) -> DatabaseAddress:
    """The database of the bots of a folder."""
    named = folder / _FILE
    if named.exists():
        return PostgresAddress(named.read_text(), durable=False)
    return folder / "constat.db"


def run(db: Database, sql: str) -> None:
    """A job of the store that runs one statement."""
    db.execute(sql)
