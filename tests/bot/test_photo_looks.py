"""The looks for the anomaly of a photo: one serves all photos, and they get rarer."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.photos.worker import AT_ONCE
from sandbox.slack.seed import SECURITE
from tests.bot.pictures import photo_world, photos, picture, report_with
from tests.fast_clock import FastClock
from tests.world import World

HOUR, DAY = 3600.0, 86_400.0
FILES = [(f"{number}.jpg", picture()) for number in range(6)]


async def doubtful_report(bot: World) -> None:
    """A report is filed, and KARE has a second anomaly like the one in it."""
    kare = bot.sandbox.kare
    kare.faults.next(1, "slow_after")
    bob = await report_with(bot, *FILES)
    await bob.submit()
    await bot.until(lambda: kare.anomalies)
    kare.anomalies.append(replace(kare.anomalies[0], id=kare.anomalies[0].id + 50))
    await photos(bot, "waiting", "choose")


def looks(bot: World) -> int:
    """How often the first page of KARE's list of anomalies was read."""
    return sum(
        request.path == "/anomalies/v3/rs" and "page" not in request.query
        for request in bot.sandbox.kare.requests
    )


async def next_look(bot: World, clock: FastClock, *, after: float) -> float:
    """Let that much time pass, and wait for the look that is due then.

    :returns: when the next one is due, UNIX seconds
    """
    before = looks(bot)
    clock.skip(after)

    def is_over() -> float | None:
        due = [
            row["next_try"]
            for row in bot.rows("select next_try from photos where state = 'waiting'")
        ]
        is_done = len(due) == len(FILES) and min(due) > clock.time() and looks(bot) > before
        return min(due) if is_done else None

    return float(await bot.until(is_over))


async def test_one_look_serves_all_photos_of_an_anomaly(tmp_path: Path) -> None:
    clock = FastClock(20)
    async with photo_world(tmp_path, clock=clock) as bot:
        await doubtful_report(bot)
        await next_look(bot, clock, after=HOUR)
        before = looks(bot)
        await next_look(bot, clock, after=DAY)
        # As many photos as are worked on at once may be claimed before the first look has ended.
        assert looks(bot) - before <= AT_ONCE
        await bot.receipt(SECURITE, says="so these wait: 0.jpg, 1.jpg, 2.jpg + 3 more")


@pytest.mark.parametrize("age", [4 * HOUR, DAY, 20 * DAY])
async def test_the_looks_get_rarer_with_the_age_of_the_report(tmp_path: Path, age: float) -> None:
    clock = FastClock(20)
    async with photo_world(tmp_path, clock=clock) as bot:
        await doubtful_report(bot)
        filed_at = float(bot.rows("select changed_at from reports")[0]["changed_at"])

        def due_after_a_look(at: float) -> float:
            return at + min((at - filed_at) / 2, DAY)

        earliest = clock.time() + age
        due = await next_look(bot, clock, after=age)
        assert due_after_a_look(earliest) - 1 <= due <= due_after_a_look(clock.time()) + 1
