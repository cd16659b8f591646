"""The database at an address, whichever engine it has."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database as SqliteDatabase

from storage import database as sqlite
from storage.address import DatabaseAddress, PostgresAddress
from storage.engine import Database, Engine, UnusableDatabaseError
from storage.file_safety import OpenFile
from storage.migrations import migrations
from storage.sqlite_engine import SqliteEngine


def open_engines(address: DatabaseAddress) -> tuple[Engine, Engine]:
    """One connection that writes and one that only reads. The tables get this version's shape.

    :raises UnusableDatabaseError: with a sentence for the operator
    """
    if isinstance(address, Path):
        writer = sqlite.open_database(address)
        reader = sqlite.open_for_reading(address, any_thread=True)
        file = OpenFile(address)
        return SqliteEngine(writer, "begin immediate", file), SqliteEngine(reader, "begin")
    with _psycopg(address):
        from storage.postgres import engine  # noqa: PLC0415 - an extra
    return engine.open_engines(address)


def open_database(address: DatabaseAddress) -> Database:
    """Open or create the database, and bring its tables to this version's shape.

    :raises UnusableDatabaseError: with a sentence for the operator
    """
    if isinstance(address, Path):
        return sqlite.open_database(address)
    with _psycopg(address):
        from storage.postgres import server  # noqa: PLC0415 - an extra
    return server.open_database(address)


def open_for_reading(address: DatabaseAddress) -> Database:
    """Open the database of a running or stopped bot, to read it only.

    :raises UnusableDatabaseError: when it is missing, or no database of ours
    """
    if isinstance(address, Path):
        return sqlite.open_for_reading(address)
    with _psycopg(address):
        from storage.postgres import server  # noqa: PLC0415 - an extra
    return server.open_existing(address, writes=False)


def open_existing(address: DatabaseAddress) -> Database:
    """Open the database of a running or stopped bot to write it. Its tables are left as they are.

    :raises UnusableDatabaseError: when it is missing, or no database of ours
    """
    if isinstance(address, Path):
        return sqlite.open_existing(address)
    with _psycopg(address):
        from storage.postgres import server  # noqa: PLC0415 - an extra
    return server.open_existing(address, writes=True)


def pending_steps(db: Database) -> list[str]:
    """The names of the steps of this version that the database lacks."""
    if isinstance(db, SqliteDatabase):
        return [step.name for step in migrations.pending(db)]
    from storage.postgres import server  # noqa: PLC0415 - an extra

    return server.pending_steps(db)


def check_server(db: Database) -> None:
    """:raises UnusableDatabaseError: when the server of a database could lose what it confirmed,
    only reads, is too old, or has another date
    """
    from storage.postgres import server  # noqa: PLC0415 - an extra

    server.check_server(db)


@contextmanager
def usable(address: DatabaseAddress, how: str) -> Iterator[None]:
    """Raise an error of the engine as UnusableDatabaseError, which names the address."""
    if isinstance(address, Path):
        with sqlite.usable(address, how):
            yield
        return
    with _psycopg(address):
        from storage.postgres import server  # noqa: PLC0415 - an extra
    with server.usable(address, how):
        yield


@contextmanager
def _psycopg(address: PostgresAddress) -> Iterator[None]:
    """Say how psycopg is installed, if its import fails."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UnusableDatabaseError(
            f"{address} needs one more package: {sys.executable} -m pip install 'psycopg[binary]'"
        ) from error
