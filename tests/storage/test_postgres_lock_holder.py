"""A bot that is frozen within a transaction: the server ends it, wherever the bot stopped."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import psycopg
import pytest

from sandbox.patience import PATIENCE
from storage.address import PostgresAddress
from storage.engine import Database
from storage.postgres.database import LOCK
from storage.postgres.server import connect
from tests.postgres_server import Server

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


@pytest.fixture
def database(postgres: Server) -> Iterator[PostgresAddress]:
    with postgres.database() as made:
        yield made


def nothing(db: Database) -> None:
    """Stop right after the lock was taken."""


def a_result(db: Database) -> None:
    assert db.execute("select count(*) from reports").fetchone()[0] == 0


def a_long_change(db: Database) -> None:
    """Stop when libpq has sent a part of the statements by itself."""
    for _ in range(3):
        db.execute("delete from reports where key = ?", ["x" * 6000])


def an_error(db: Database) -> None:
    with suppress(psycopg.Error):
        db.execute("select nothing from nowhere").fetchone()


def a_savepoint(db: Database) -> None:
    db.execute("savepoint job")
    db.execute("insert into alerts (number) values (1000)")  # there is no such report


@pytest.mark.parametrize("last", [nothing, a_result, a_long_change, an_error, a_savepoint])
def test_a_process_that_stops_in_a_transaction_loses_the_lock(
    database: PostgresAddress, last: Callable[[Database], None]
) -> None:
    """It can then store nothing of its transaction any more."""
    with closing(connect(database)) as stopped:
        stopped.start_pipeline()
        stopped.begin_writing(1000)
        last(stopped)
        until_lock_is_free(database)
        with pytest.raises(psycopg.Error):
            stopped.commit()


def until_lock_is_free(database: PostgresAddress) -> None:
    with psycopg.connect(database.url, autocommit=True) as conn:
        until = time.monotonic() + PATIENCE
        while conn.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() == (False,):
            assert time.monotonic() < until
            time.sleep(0.05)
