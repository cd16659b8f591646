"""More reports than one piece are held, and all of them are sent when the token works again."""

from pathlib import Path

import pytest

from bot.config import DeliveryLimits
from sandbox.faults import ApiFault
from storage import reports
from storage.delivery_queue import PIECE
from storage.engine import Database
from tests.fast_clock import FastClock
from tests.promises import promised
from tests.world import FAST, World, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

MANY = PIECE + 50
CONFIG = FAST.model_copy(update={"delivery": DeliveryLimits(per_second=1000, concurrency=8)})


def add_many(db: Database, now: float) -> None:
    for number in range(MANY):
        reports.add(db, promised(f"{number}"), now=now)


def count(bot: World, state: str) -> int:
    [row] = bot.rows("select count(*) as n from reports where state = ?", state)
    return int(row["n"])


async def test_many_held_reports_are_all_sent_when_the_token_works_again(tmp_path: Path) -> None:
    """Each is held once: what is released is not held again by those that are not released yet."""
    async with world(tmp_path, clock=FastClock(60), config=CONFIG) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("401"))
        services = bot.runtime.services
        await services.store.write(add_many, services.clock.time())
        services.news_of("immoteur", None)
        await bot.until(lambda: count(bot, "held") == MANY)
        [before] = bot.rows("select count(*) as n from history")
        bot.sandbox.immoteur.faults.stop()
        await bot.until(lambda: count(bot, "filed") == MANY)
        [after] = bot.rows("select count(*) as n from history")
        # Released, claimed, and filed; and the probe, if the token was refused once more.
        assert after["n"] - before["n"] <= 3 * MANY + 4
