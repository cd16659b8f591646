"""A date that is set back or forward stops nothing and floods nobody; waits have a floor and a
ceiling.
"""

from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clock import SMALLEST_STEP, StepDetector
from bot.config import DeliveryLimits
from bot.delivery.decision import asked_wait, decide
from bot.delivery.http_client import Answer
from bot.rate_limit import TokenBucket
from sandbox.faults import ApiFault
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ANNONCES
from storage import reports
from tests.bot.others_clock import HOUR, others
from tests.bot.scripted_api import Scripted, ScriptedImmoteur, world_with
from tests.fast_clock import T0, FastClock
from tests.promises import all_become, promise, promised, states
from tests.world import FAST, world

STEPS = [-HOUR, HOUR, -24 * HOUR, 400 * 24 * HOUR, -600.0, -20.0]


@pytest.mark.parametrize("step", STEPS)
async def test_reports_and_receipts_go_on_at_once_when_the_date_is_set(
    tmp_path: Path, step: float
) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        await promise(bot, promised("before"))
        await all_become(bot, "filed", 1)
        clock.set_date(step)
        await promise(bot, promised("after"), promised("other", "kare"))
        await all_become(bot, "filed", 3)


@pytest.mark.parametrize("step", STEPS)
async def test_what_was_stored_before_the_date_was_set_does_not_wait_for_that_date(
    tmp_path: Path, step: float
) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        store = bot.runtime.services.store
        before = clock.time()
        clock.set_date(step)
        await store.write(reports.add, promised("waits"), now=before)
        await all_become(bot, "filed", 1)


@pytest.mark.parametrize("step", STEPS)
async def test_patience_that_was_asked_for_lasts_as_long_when_the_date_is_set(
    tmp_path: Path, step: float
) -> None:
    clock = FastClock(60)
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        bot.sandbox.immoteur.faults.next(1, ApiFault("429", retry_after=120))
        await promise(bot, promised("a"))
        await bot.receipt(ANNONCES, says="is busy")
        asked = clock.monotonic()
        clock.set_date(step)
        await promise(bot, promised("b"), promised("c"))
        await all_become(bot, "filed", 3)
        assert clock.monotonic() - asked >= 100
        sent = [request for request in bot.sandbox.immoteur.requests if request.method == "POST"]
        assert len(sent) == 4


@pytest.mark.parametrize("step", STEPS)
async def test_a_report_that_is_being_sent_stays_so_when_the_date_is_set(
    tmp_path: Path, step: float
) -> None:
    clock = FastClock(1)
    brief = FAST.model_copy(update={"delivery": DeliveryLimits(lease=1.1)})
    async with (
        world(tmp_path, clock=clock, config=brief, sandbox=others(clock)) as bot,
        world(tmp_path, clock=clock, config=brief, sandbox=bot.sandbox) as other,
    ):
        bot.sandbox.immoteur.faults.next(1, ApiFault("slow_after", seconds=2.5))
        await promise(bot, promised())
        await bot.until(lambda: states(bot) == {1: "sending"})
        clock.set_date(step)
        await all_become(other, "filed", 1)
        seen = [row["state"] for row in bot.rows("select state from history order by id")]
    assert seen == ["waiting", "sending", "filed"]


@pytest.mark.parametrize("step", STEPS)
async def test_a_channel_that_slack_limits_waits_as_long_when_the_date_is_set(
    tmp_path: Path, step: float
) -> None:
    clock = FastClock(60)
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("429", seconds=60), times=1)
        await promise(bot, promised("a"))
        await bot.slack.called("chat.postMessage")
        asked = clock.monotonic()
        clock.set_date(step)
        await all_become(bot, "filed", 1)
        assert clock.monotonic() - asked >= 50


SHORT = ["0", "-1", "1", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 15 Jan 2027 07:59:00 GMT", "0.0"]


@pytest.mark.parametrize("asked", SHORT)
@pytest.mark.parametrize("header", ["Retry-After", "RateLimit-Reset"])
async def test_an_api_that_asks_for_no_wait_is_not_asked_all_the_time(
    tmp_path: Path, header: str, asked: str
) -> None:
    clock = FastClock(100)
    api = ScriptedImmoteur(Scripted(429, "", {header: asked}), clock=clock)
    async with world_with(tmp_path, api, clock=clock) as bot:
        await promise(bot, *(promised(f"{n}") for n in range(3)))
        await clock.sleep(100)
        await bot.until(lambda: api.posts)
        # Three at once at the most, and then one after 5, 10, 20 and 40 seconds.
        assert len(api.posts) <= 8


LONG = ["31536000", "1e300", "1800000000000", "Fri, 31 Dec 9999 23:59:59 GMT", "9" * 400]


@pytest.mark.parametrize("asked", LONG)
def test_no_api_is_left_alone_for_longer_than_a_quarter_of_an_hour(asked: str) -> None:
    decision = decide(Answer(429, {"retry-after": asked}), attempts=1, now=T0, jitter=0.5)
    assert getattr(decision, "seconds", None) == 900


@pytest.mark.parametrize("date", [T0, T0 - HOUR, T0 + HOUR])
def test_a_moment_that_an_api_names_is_measured_by_its_own_clock(date: float) -> None:

    headers = {
        "date": formatdate(date, usegmt=True),
        "retry-after": formatdate(date + 90, usegmt=True),
    }
    assert asked_wait(headers, T0) == 90


async def test_an_api_that_asked_for_a_year_is_asked_with_one_report_each_quarter_of_an_hour(
    tmp_path: Path,
) -> None:
    clock = FastClock(600)
    api = ScriptedImmoteur(Scripted(429, "", {"Retry-After": "31536000"}), clock=clock)
    async with world_with(tmp_path, api, clock=clock) as bot:
        await promise(bot, promised("a"), promised("b"), promised("c"))
        await bot.until(lambda: set(states(bot).values()) == {"waiting"} and api.posts)
        await bot.receipt(ANNONCES, says="is busy")
        await bot.until(lambda: not bot.rows("select 1 from reports where cause not like '%busy%'"))
        began = len(api.posts)
        await bot.until(lambda: len(api.posts) == began + 3)
        waits = [after - before for before, after in pairwise(api.posts[began:])]
        assert all(850 <= wait <= 1200 for wait in waits)


@pytest.mark.parametrize("back", [0.5, HOUR])
def test_a_clock_that_goes_back_takes_no_tokens_away(back: float) -> None:
    bucket = TokenBucket(rate=1, burst=2)
    bucket.take(1000)
    assert bucket.wait(1000 - back) == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_seen_once(step: float) -> None:
    clock = FastClock(1)
    detector = StepDetector(clock)
    clock.set_date(step)
    assert detector.step() == pytest.approx(step, abs=0.1)
    assert detector.step() == 0


def test_slow_drift_is_no_step() -> None:
    clock = FastClock(1)
    detector = StepDetector(clock)
    steps = []
    for _ in range(100):
        clock.set_date(SMALLEST_STEP / 4)
        steps.append(detector.step())
    assert set(steps) == {0.0}
