"""A bot that is not the back office: it hands Homes over, and is ready again after a fault."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from aiohttp import web

from bot.tenure import Process, Tenure
from sandbox.patience import PATIENCE
from sandbox.slack.seed import BOB
from storage import back_office
from storage.address import PostgresAddress
from storage.postgres.database import LOCK
from storage.store import NotStoredError, Store
from tests.bot.scripted_api import Scripted, ScriptedImmoteur, world_with
from tests.bot.test_back_office import STOLEN, two_bots, works
from tests.engines import run, use_postgres
from tests.postgres_server import Server
from tests.promises import promise, promised

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres: Server, tmp_path: Path) -> Iterator[PostgresAddress]:
    with postgres.database() as address:
        use_postgres(tmp_path, address)
        yield address


class HoldingImmoteur(ScriptedImmoteur):
    """Refuses the token for a report, but answers only when the test says so."""

    def __init__(self) -> None:
        super().__init__(Scripted(401))
        self.goes_on = asyncio.Event()

    async def _issue(self, request: web.Request) -> web.Response:
        answer = await super()._issue(request)
        await self.goes_on.wait()
        return answer


@pytest.mark.usefixtures("database")
async def test_a_refusal_that_comes_after_the_lease_was_lost_makes_no_bot_unready(
    tmp_path: Path,
) -> None:
    """The bot checks no token any more, so it would never be ready again."""
    api = HoldingImmoteur()
    async with world_with(tmp_path, api) as bot:
        await works(bot)
        await bot.until(lambda: not bot.runtime.missing())
        await promise(bot, promised("word"))
        await bot.until(lambda: bool(api.posts))
        await bot.runtime.services.store.write(run, STOLEN)
        await bot.until(lambda: not bot.runtime.back_office.is_held())
        api.goes_on.set()
        await bot.runtime.back_office._earlier.drain(PATIENCE)
        await bot.state(1, "held")
        assert bot.runtime.missing() == []


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
