"""Fixtures of the storage's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from storage import database
from storage.address import DatabaseAddress
from storage.engine import Database
from storage.opening import open_database


@pytest.fixture
def db(address: DatabaseAddress) -> Iterator[Database]:
    """A new database of each engine."""
    made = open_database(address)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    """A new file of SQLite, for what only SQLite has."""
    made = database.open_database(tmp_path / "constat.db")
    yield made
    made.close()
