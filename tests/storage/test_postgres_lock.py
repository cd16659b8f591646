"""The lock that all machines share keeps the audit trail one chain."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from sandbox.patience import PATIENCE
from storage import audit, reports
from storage.address import PostgresAddress
from storage.engine import Database
from storage.opening import open_database
from storage.postgres import database as connections
from storage.reports import Change, NewReport
from storage.states import State
from tests.postgres_server import Server

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]

T0 = 1_800_000_000.0


@pytest.fixture
def address(postgres: Server) -> Iterator[PostgresAddress]:
    """A database with two reports. Their kinds differ: two of one kind wait for each other in any
    case, at the row of their count."""
    with postgres.database() as made:
        with closing(open_database(made)) as db:
            for key in ("first", "second"):
                new = NewReport(key, key, key, "U1", origin={}, payload={"words": "here"})
                reports.add(db, new, now=T0)
        yield made


def decide(db: Database, number: int) -> None:
    """One transaction of one machine, up to its commit."""
    db.execute("begin immediate")
    reports.decide(db, number, [State.WAITING], Change(State.DISCARDED), now=T0)


def one_waits(address: PostgresAddress) -> None:
    """Wait until a transaction waits for another one."""
    sql = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    with psycopg.connect(address.url, autocommit=True) as conn:
        until = time.monotonic() + PATIENCE
        while conn.execute(sql).fetchone() == (0,):
            assert time.monotonic() < until
            time.sleep(0.005)


def decide_on_two_machines(address: PostgresAddress) -> list[str]:
    """The second begins before the first has committed.

    :returns: the faults of the audit trail afterwards
    """
    with closing(open_database(address)) as first, closing(open_database(address)) as second:

        def decide_second() -> None:
            decide(second, 2)
            second.execute("commit")

        decide(first, 1)
        machine = threading.Thread(target=decide_second)
        machine.start()
        one_waits(address)
        first.execute("commit")
        machine.join(PATIENCE)
        return list(audit.faults(first))


def test_two_machines_at_once_append_to_one_chain(address: PostgresAddress) -> None:
    assert decide_on_two_machines(address) == []


def test_without_the_lock_the_check_finds_two_chains(
    address: PostgresAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_LOCK", "select 1")
    assert decide_on_two_machines(address) != []
