"""*Try now* while an API is busy: one report is tried, and no press is lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import DeliveryLimits
from sandbox.slack.seed import ANNONCES
from storage import reports
from storage.engine import Database
from storage.reports import Change
from storage.states import State
from tests.bot.scripted_api import FILED, Scripted, ScriptedImmoteur, world_with
from tests.promises import all_become, promise, promised, states
from tests.world import FAST, World

ONE_AT_A_TIME = FAST.model_copy(update={"delivery": DeliveryLimits(concurrency=1)})
BUSY = Scripted(429, "", {"Retry-After": "31536000"})


async def test_one_report_is_let_through_and_the_others_follow_if_it_is_taken(
    tmp_path: Path,
) -> None:
    api = ScriptedImmoteur(BUSY)
    async with world_with(tmp_path, api) as bot:
        await stopped_for_long(bot, api)
        api.answers = [FILED]
        await try_now(bot, 2)
        await all_become(bot, "filed", 3)


async def test_it_costs_one_request_while_the_api_is_still_busy(tmp_path: Path) -> None:
    api = ScriptedImmoteur(BUSY)
    async with world_with(tmp_path, api) as bot:
        await stopped_for_long(bot, api)
        before = len(api.posts)
        await try_now(bot, 2)
        await bot.until(lambda: len(api.posts) > before)
        await bot.until(lambda: "asked" not in str(bot.rows("select cause from reports")))
        await asyncio.sleep(0.3)
        assert len(api.posts) == before + 1
        assert set(states(bot).values()) == {"waiting"}


async def test_a_press_right_after_the_answer_is_not_postponed_by_that_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API has said that it is busy, and what this means for the others is not stored yet."""
    api = ScriptedImmoteur(BUSY, FILED)
    async with world_with(tmp_path, api, config=ONE_AT_A_TIME) as bot:
        store = bot.runtime.services.store
        write_in_pieces = store.write_in_pieces
        presses = iter([2])

        async def after_a_press(job: Callable[[Database], bool]) -> None:
            if api.posts and (number := next(presses, None)):
                await try_now(bot, number)
            await write_in_pieces(job)

        monkeypatch.setattr(store, "write_in_pieces", after_a_press)
        await promise(bot, promised("a"), promised("b"))
        await all_become(bot, "filed", 2)
        assert len(api.posts) == 3


async def stopped_for_long(bot: World, api: ScriptedImmoteur) -> None:
    await promise(bot, promised("a"), promised("b"), promised("c"))
    await bot.until(lambda: set(states(bot).values()) == {"waiting"} and api.posts)
    await bot.receipt(ANNONCES, says="is busy")
    await bot.until(lambda: not bot.rows("select 1 from reports where cause not like '%busy%'"))


async def try_now(bot: World, number: int) -> None:
    services = bot.runtime.services
    now = services.clock.time()
    change = Change(State.WAITING, {"why": "asked", "by": "U0"}, next_try=now)

    def ask(db: Database) -> bool:
        return reports.decide(db, number, [State.WAITING], change, now=now)

    assert await services.store.write(ask)
    services.news_of("immoteur", None)
