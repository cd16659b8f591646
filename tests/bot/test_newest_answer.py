"""What an API's newest answer means for its reports counts, in whatever order it is stored."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.backlog import Backlog
from bot.delivery.decision import Decision, Filed, Hold, Wait
from sandbox.patience import PATIENCE
from storage import delivery_queue, reports
from storage.delivery_queue import PIECE
from storage.engine import Database
from storage.reports import Report
from storage.store import Store
from tests.bot.library import Library, book, scope_of
from tests.fast_clock import T0, FastClock

pytestmark = pytest.mark.usefixtures("on_both_engines")

BUSY = Wait(60.0, {"why": "busy", "status": 429})
REFUSED = Hold({"why": "token", "status": 401})
LONGER = replace(BUSY, seconds=600.0)
TAKEN = Filed("L-7", {})
MANY = 2 * PIECE + 50
Order = Callable[..., Awaitable[None]]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path / "constat.db")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FastClock:
    return FastClock(1)


@pytest.fixture
def backlog(store: Store, clock: FastClock) -> Backlog:
    return Backlog(scope_of(Library({}, logs=False), store, clock))


async def waiting(store: Store, count: int, *, since: int = 0) -> None:
    def add(db: Database) -> None:
        for n in range(since, since + count):
            reports.add(db, book(f"{n}", f"{n}"), now=T0)

    await store.write(add)


async def sent(store: Store, clock: FastClock) -> Report:
    """A report of which the answer is on its way."""
    claim = await store.write(
        delivery_queue.claim, "library", "us", now=clock.time(), lease=3600.0, past_hold=True
    )
    assert claim.report is not None
    return claim.report


async def newest_first(backlog: Backlog, *answers: tuple[Report, Decision]) -> None:
    """What the last answer means is stored before what the others mean."""
    recorded = [backlog.record(report, decision) for report, decision in answers]
    async with asyncio.timeout(PATIENCE):
        for one in reversed(recorded):
            await backlog.conclude(one)


async def together(backlog: Backlog, *answers: tuple[Report, Decision]) -> None:
    """The last answer comes while it is being stored what the others mean."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        for report, decision in answers:
            tasks.create_task(backlog.conclude(backlog.record(report, decision)))
            await asyncio.sleep(0)


async def counted(store: Store, where: str) -> int:
    def count(db: Database) -> int:
        sql = f"select count(*) from reports where {where}"  # noqa: S608 - ours
        return int(db.execute(sql).fetchone()[0])

    return await store.read(count)


async def outage(
    backlog: Backlog, store: Store, clock: FastClock, count: int
) -> tuple[Report, Report]:
    """The API is busy. Two more reports are on their way to it, and the first tries it out."""
    await waiting(store, count + 3)
    first, probe, other = [await sent(store, clock) for _ in range(3)]
    await newest_first(backlog, (first, BUSY))
    backlog.breaker.half_open(BUSY.cause)
    backlog.breaker.admitted(probe.number)
    return probe, other


ORDERS = [newest_first, together]
COUNTS = [5, MANY]


@pytest.mark.parametrize("store_all", ORDERS)
@pytest.mark.parametrize("count", COUNTS)
async def test_a_wait_that_is_asked_for_after_an_outage_is_kept(
    backlog: Backlog, store: Store, clock: FastClock, count: int, store_all: Order
) -> None:
    probe, other = await outage(backlog, store, clock, count)
    await store_all(backlog, (probe, TAKEN), (other, LONGER))
    early = f"state = 'waiting' and next_try < {clock.time() + 300}"
    assert await counted(store, early) == 0


@pytest.mark.parametrize("store_all", ORDERS)
@pytest.mark.parametrize("count", COUNTS)
async def test_an_outage_that_is_over_ends_the_wait_for_all(
    backlog: Backlog, store: Store, clock: FastClock, count: int, store_all: Order
) -> None:
    probe, other = await outage(backlog, store, clock, count)
    await store_all(backlog, (other, LONGER), (probe, TAKEN))
    late = f"state = 'waiting' and next_try > {clock.time() + 1}"
    assert await counted(store, late) == 0


@pytest.mark.parametrize("store_all", ORDERS)
@pytest.mark.parametrize("count", COUNTS)
async def test_reports_that_are_held_after_an_outage_stay_held(
    backlog: Backlog, store: Store, clock: FastClock, count: int, store_all: Order
) -> None:
    probe, other = await outage(backlog, store, clock, count)
    await store_all(backlog, (probe, TAKEN), (other, REFUSED))
    assert await counted(store, "state = 'waiting'") == 0
    assert not backlog.is_releasing


async def test_a_hold_in_progress_ends_when_the_held_reports_are_released(
    backlog: Backlog, store: Store, clock: FastClock
) -> None:
    """The worker holds what waits before it asks whether the token works again."""
    probe, _ = await outage(backlog, store, clock, MANY)
    await backlog.hold(REFUSED.cause)
    await waiting(store, MANY, since=MANY + 3)
    recorded = backlog.record(probe, TAKEN)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(backlog.hold(REFUSED.cause), backlog.conclude(recorded))
    assert await counted(store, "state = 'held'") == 0
