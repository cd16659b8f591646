"""Connecting to a PostgreSQL server, and what a server must be."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.types.numeric import Int8BinaryDumper

from storage.address import PostgresAddress
from storage.engine import LOCK_WAIT, Database, UnusableDatabaseError, transaction
from storage.postgres import commits, shape
from storage.postgres.database import PostgresDatabase

OLDEST = 140_000
"""PostgreSQL 14."""
CLOCKS_APART = 5.0
"""Seconds: the leases of claims are compared with the clocks of all machines."""
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
"""Settings of the server without which a commit does not survive a power cut."""


def connect(address: PostgresAddress, *, timeout: float = LOCK_WAIT) -> PostgresDatabase:
    """Open a connection.

    :param timeout: seconds
    :raises psycopg.Error: when the server does not take it
    """
    conn = psycopg.connect(
        address.url,
        autocommit=True,
        connect_timeout=max(1, round(timeout)),
        application_name="constat",
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        tcp_user_timeout=10_000,
    )
    # Otherwise a statement would be prepared anew for small, medium and large numbers.
    conn.adapters.register_dumper(int, Int8BinaryDumper)
    return PostgresDatabase(conn, durable=address.durable)


def prepare(db: PostgresDatabase, address: PostgresAddress) -> None:
    """Check the server, and bring the tables to this version's shape.

    :raises UnusableDatabaseError: with a sentence for the operator
    """
    check_server(db, durable=address.durable)
    with transaction(db):
        shape.apply_steps(db)
        commits.delete_old(db)


def pending_steps(db: Database) -> list[str]:
    return shape.pending(db)


def check_server(db: Database, *, durable: bool = True) -> None:
    """:raises UnusableDatabaseError: when the server would lose what it has confirmed, is too old,
    only reads, or has another date than this machine
    """
    version = db.execute("select current_setting('server_version_num')").fetchone()[0]
    if int(version) < OLDEST:
        raise UnusableDatabaseError("the server is older than PostgreSQL 14")
    if db.execute("select pg_is_in_recovery()").fetchone()[0]:
        raise UnusableDatabaseError("the server is a standby, which cannot be written")
    for name in MUST_BE_ON if durable else ():
        value = db.execute("select current_setting(?)", [name]).fetchone()[0]
        if value in {"off", "local"}:
            raise UnusableDatabaseError(
                f"the server has {name} = {value}, and would lose reports that it has confirmed"
            )
    # The server read its clock between these two moments. A slow answer sets no clocks apart.
    before = time.time()
    there = db.execute("select extract(epoch from clock_timestamp())::float8").fetchone()[0]
    apart = max(before - there, there - time.time())
    if apart > CLOCKS_APART:
        raise UnusableDatabaseError(
            f"the clocks of the server and of this machine are {apart:.0f} s apart"
        )


@contextmanager
def usable(address: PostgresAddress, how: str) -> Iterator[None]:
    """Raise an error of PostgreSQL as UnusableDatabaseError, which names the address."""
    try:
        yield
    except psycopg.Error as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise UnusableDatabaseError(f"{address} cannot be {how}: {lines[0]}") from error
    except UnusableDatabaseError as error:
        if str(error).startswith(str(address)):
            raise
        raise UnusableDatabaseError(f"{address} cannot be {how}: {error}") from error


def open_database(address: PostgresAddress) -> PostgresDatabase:
    """:raises UnusableDatabaseError: with a sentence for the operator"""
    with usable(address, "used"):
        db = connect(address)
        try:
            prepare(db, address)
        except BaseException:
            db.close()
            raise
    return db


def open_existing(address: PostgresAddress, *, writes: bool) -> PostgresDatabase:
    """Open the database without changing its tables.

    :raises UnusableDatabaseError: when the server does not answer, or it is no database of ours
    """
    with usable(address, "used" if writes else "read"):
        db = connect(address)
        try:
            shape.check_ours(db)
        except BaseException:
            db.close()
            raise
    return db
