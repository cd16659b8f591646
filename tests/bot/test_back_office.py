"""Two bots on one PostgreSQL database: both take forms, and one of them does everything else."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.tenure import LEASE, Process, Tenure
from sandbox.slack.seed import ANNONCES, BOB
from storage.address import PostgresAddress
from storage.store import Store
from tests.engines import run, use_postgres
from tests.fast_clock import FastClock
from tests.postgres_server import Server
from tests.promises import all_become, promise, promised
from tests.world import ID, World, world

NO_POLL = FastClock(0.001)
"""A clock on which nobody looks into the database by himself during a test."""
STOLEN = """
update back_office set owner = 'another process', until = until + 3600
"""


@pytest.fixture(autouse=True)
def database(postgres: Server, tmp_path: Path) -> Iterator[PostgresAddress]:
    with postgres.database() as address:
        use_postgres(tmp_path, address)
        yield address


pytestmark = pytest.mark.postgres


@asynccontextmanager
async def two_bots(folder: Path, clock: Clock = NO_POLL) -> AsyncIterator[tuple[World, World]]:
    """The first is the back office."""
    async with world(folder, clock=clock) as first:
        await works(first)
        async with world(folder, sandbox=first.sandbox, clock=clock) as second:
            yield first, second


async def works(bot: World) -> None:
    """Wait until a bot is the back office."""
    await bot.until(bot.runtime.back_office.is_held)


async def test_a_report_that_one_takes_is_filed_by_the_other(tmp_path: Path) -> None:
    async with two_bots(tmp_path) as (first, second):
        await promise(second, promised("word"))
        await all_become(second, "filed", 1)
        await second.receipt("C0ANNONCES", says="Filed with Immoteur")
        assert not second.runtime.back_office.is_held()
        assert "deliveries to immoteur" not in second.runtime.back_office.loops()
        assert first.runtime.back_office.is_held()


async def test_a_bot_that_stops_in_order_hands_over_at_once(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        first_life = await stack.enter_async_context(AsyncExitStack())
        first = await first_life.enter_async_context(world(tmp_path, clock=NO_POLL))
        await works(first)
        second = await stack.enter_async_context(
            world(tmp_path, sandbox=first.sandbox, clock=NO_POLL)
        )
        await first_life.aclose()
        await works(second)
        await promise(second, promised("word"))
        await all_become(second, "filed", 1)


async def test_a_bot_that_lost_the_lease_sends_nothing_until_it_has_it_again(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as bot:
        await works(bot)
        store = bot.runtime.services.store
        await store.write(run, STOLEN)
        await bot.until(lambda: not bot.runtime.back_office.is_held())
        await promise(bot, promised("word"))
        assert "deliveries to immoteur" not in bot.runtime.back_office.loops()
        assert bot.sandbox.immoteur.issues == []
        await store.write(run, "delete from back_office")
        await all_become(bot, "filed", 1)


class Frozen(Clock):
    """A clock after which a process stood still."""

    seconds = 0.0

    def since_boot(self) -> float:
        return super().since_boot() + self.seconds


async def test_a_choice_that_reaches_the_other_bot_ends_the_form_in_the_first(
    tmp_path: Path,
) -> None:
    async with two_bots(tmp_path, Clock()) as (first, second):
        bob = first.person(BOB)
        await bob.command("/report-issue", f"data {ID}", channel=ANNONCES)
        await bob.view()
        forms = first.runtime.services.views._views
        await first.until(lambda: list(forms.all()))
        await second.person(BOB).choose("issueKind", "other")
        await first.until(lambda: not list(forms.all()))


async def test_a_language_that_is_chosen_with_one_bot_is_the_others_too(tmp_path: Path) -> None:
    async with two_bots(tmp_path) as (first, second):
        users = first.runtime.services.users
        await second.runtime.services.users.choose_language(BOB, "fr")
        await first.until(lambda: users.chosen_language(BOB) == "fr")
        await second.runtime.services.users.choose_language(BOB, "")
        await first.until(lambda: users.chosen_language(BOB) == "")


class StandsStillAtEachLook(Clock):
    step = 100.0

    def __init__(self) -> None:
        self._passed = 0.0

    def since_boot(self) -> float:
        self._passed += self.step
        return self._passed


async def test_what_a_process_claimed_before_it_stood_still_is_not_sent(tmp_path: Path) -> None:
    clock = StandsStillAtEachLook()
    async with world(tmp_path, clock=clock) as bot:
        await promise(bot, promised("word"))
        claims = "select count(*) as n from history where cause like '%claimed%'"
        await bot.until(lambda: bot.rows(claims)[0]["n"] > 1)
        assert bot.sandbox.immoteur.issues == []
        clock.step = 0.0
        await bot.state(1, "filed")


async def test_a_process_that_stood_still_holds_no_lease_when_it_goes_on(
    database: PostgresAddress,
) -> None:
    with closing(Store(database)) as store:
        tenure = Tenure(store, Process.current())
        clock = tenure.clock = Frozen()
        assert not tenure.holds()
        assert await tenure.take() == 0
        assert tenure.holds()
        clock.seconds = LEASE
        assert not tenure.holds()
