"""A bot that is not the back office: it hands Homes over, and is ready again after a fault."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.tenure import Process, Tenure
from sandbox.slack.seed import BOB
from storage import back_office
from storage.address import PostgresAddress
from storage.postgres.database import LOCK
from storage.store import NotStoredError, Store
from tests.bot.test_back_office import two_bots
from tests.engines import run, use_postgres
from tests.postgres_server import Server

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres: Server, tmp_path: Path) -> Iterator[PostgresAddress]:
    with postgres.database() as address:
        use_postgres(tmp_path, address)
        yield address


@pytest.mark.usefixtures("database")
async def test_a_home_that_is_opened_in_one_bot_is_published_by_the_back_office(
    tmp_path: Path,
) -> None:
    async with two_bots(tmp_path) as (first, second):
        await second.person(BOB).open_home()
        await second.until(lambda: second.rows("select * from homes where published = version"))
        owners = [row["owner"] for row in second.rows("select owner from homes")]
        assert owners == [first.runtime.services.homes.owner]
        assert second.runtime.services.homes.owner is None


async def test_a_waiting_bot_that_could_not_store_is_ready_again_without_another_form(
    database: PostgresAddress,
) -> None:
    with closing(Store(database)) as store:
        await store.write(back_office.take, "another", lease=3600.0, is_dead=lambda _: False)
        with psycopg.connect(database.url, autocommit=True) as other:
            other.execute("select pg_advisory_lock(%s)", [LOCK])
            with pytest.raises(NotStoredError):
                await store.write(run, "delete from back_office")
            assert "nothing can be stored" in str(store.fault())
        tenure = Tenure(store, Process.current())
        assert await tenure.take() != 0
        assert not tenure.holds()
        assert store.fault() is None
