"""What becomes of reports when an API is in trouble."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import DeliveryLimits
from sandbox.faults import ApiFault
from sandbox.process import free_port
from sandbox.slack.seed import ANNONCES
from storage import delivery_queue, reports
from storage.address import DatabaseAddress, PostgresAddress
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised, states
from tests.world import FAST, World, without_lists, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

MINUTE = 60.0
BRIEF = FAST.model_copy(update={"delivery": DeliveryLimits(lease=1.1)})


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[World]:
    """A bot whose minute lasts a second."""
    async with world(tmp_path, clock=FastClock(MINUTE)) as bot:
        yield bot


def posts(bot: World, api: str = "immoteur") -> list[float]:
    """When reports were sent to an API."""
    requests = getattr(bot.sandbox, api).requests
    return [
        request.at
        for request in requests
        if request.method == "POST" and "login" not in request.path
    ]


async def passed(bot: World, seconds: float) -> None:
    """Let the bot's time go on."""
    await bot.runtime.services.clock.sleep(seconds)


async def test_a_session_that_kare_ended_costs_one_login_and_no_report(bot: World) -> None:
    await promise(bot, promised("first", "kare"))
    await all_become(bot, "filed", 1)
    bot.sandbox.kare.revoke()
    await promise(bot, *(promised(f"{n}", "kare") for n in range(4)))
    await all_become(bot, "filed", 5)
    assert (bot.sandbox.kare.logins, len(bot.sandbox.kare.anomalies)) == (2, 5)


async def test_a_refused_token_holds_that_apis_reports_and_no_others(bot: World) -> None:
    bot.sandbox.immoteur.faults.always("401", on="* /")
    await promise(bot, promised("a"), promised("b"), promised("c"), promised("d", "kare"))
    await all_become(bot, "held", 3)
    await all_become(bot, "filed", 1)
    assert states(bot) == {1: "held", 2: "held", 3: "held", 4: "filed"}


async def test_what_was_held_goes_by_itself_when_the_token_works_again(quick: World) -> None:
    quick.sandbox.immoteur.faults.always("401", on="* /")
    await promise(quick, promised("a"))
    await all_become(quick, "held", 1)
    await promise(quick, promised("b"))
    await all_become(quick, "held", 2)
    quick.sandbox.immoteur.faults.stop()
    await all_become(quick, "filed", 2)
    # Both were in flight at once, so either may have been held first.
    filed = sorted(issue.body["comment"] for issue in quick.sandbox.immoteur.issues)
    assert filed == ["a", "b"]


async def test_what_was_held_is_looked_at_again_at_a_start(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bot.sandbox.immoteur.faults.always("401", on="* /")
        await promise(bot, promised())
        await all_become(bot, "held", 1)
        bot.sandbox.immoteur.faults.stop()
    async with world(tmp_path, sandbox=bot.sandbox) as bot:
        await all_become(bot, "filed", 1)
        assert len(bot.sandbox.immoteur.issues) == 1


@pytest.mark.parametrize(("token_works", "state"), [(True, "refused"), (False, "held")])
async def test_a_403_of_immoteur_is_looked_into(bot: World, token_works: bool, state: str) -> None:  # noqa: FBT001
    bot.sandbox.immoteur.faults.next(1, "403")
    if not token_works:
        bot.sandbox.immoteur.faults.always("403", on="GET /auth")
    await promise(bot, promised())
    await all_become(bot, state, 1)
    assert len(bot.sandbox.immoteur.issues) == 0


@pytest.mark.parametrize("status", ["429", "503"])
async def test_an_api_that_asks_for_patience_gets_it_from_all_its_reports(
    quick: World, status: str
) -> None:
    quick.sandbox.immoteur.faults.next(1, ApiFault(status, retry_after=90))
    await promise(quick, promised("a"))
    await quick.receipt(ANNONCES, says="is busy")
    await promise(quick, promised("b"), promised("c", "kare"))
    await all_become(quick, "filed", 3)
    first, second, _ = posts(quick)
    kares = posts(quick, "kare")[0]
    assert second - first >= 89
    assert kares - first < 60


async def test_a_restart_lets_one_report_through_to_an_api_that_asked_for_patience(
    tmp_path: Path,
) -> None:
    clock = FastClock(MINUTE)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("429", retry_after=120))
        await promise(bot, promised("a"), promised("b"), promised("c"))
        await all_become(bot, "waiting", 3)
        await bot.receipt(ANNONCES, says="is busy")
        clock.speed = 1  # the restart takes less than the API's patience
        before = len(posts(bot))
        bot.sandbox.immoteur.faults.stop()
        bot.sandbox.immoteur.faults.next(1, ApiFault("429", retry_after=120))
    async with world(tmp_path, clock=clock, sandbox=bot.sandbox) as bot:
        clock.speed = MINUTE
        await all_become(bot, "filed", 3)
        probe, second, *_ = posts(bot)[before:]
        assert second - probe >= 119


async def test_an_api_that_cannot_be_reached_is_tried_until_it_is(tmp_path: Path) -> None:
    port = free_port()
    sandbox, clock = without_lists(), FastClock(20)
    settings = {"IMMOTEUR_API_URL": f"http://127.0.0.1:{port}/immoteur/public/v1"}
    async with world(tmp_path, sandbox=sandbox, clock=clock, settings=settings) as bot:
        await promise(bot, promised("a"), promised("b"))
        await bot.receipt(ANNONCES, says="cannot be reached. Next try:")
        async with sandbox.serve(port=port):
            await all_become(bot, "filed", 2)
    assert sorted(issue.body["comment"] for issue in sandbox.immoteur.issues) == ["a", "b"]


async def test_a_report_that_comes_while_an_api_cannot_be_reached_waits_with_the_others(
    tmp_path: Path,
) -> None:
    settings = {"IMMOTEUR_API_URL": f"http://127.0.0.1:{free_port()}/immoteur/public/v1"}
    # On a slow clock, so that the next try is not due before the end of the test.
    async with world(tmp_path, settings=settings, clock=FastClock(0.1)) as bot:
        await promise(bot, promised("a"))
        await bot.receipt(ANNONCES, says="Next try:")
        await promise(bot, *(promised(f"{n}") for n in range(5)))
        await all_become(bot, "waiting", 6)
        attempts = [
            row["attempts"] for row in bot.rows("select attempts from reports order by number")
        ]
        assert attempts == [1, 0, 0, 0, 0, 0]


UNKNOWN = ["cut", "cut_before", "500", "502", "504", "html", "empty", "nonsense"]


@pytest.mark.parametrize("kind", UNKNOWN)
async def test_what_may_have_arrived_is_unknown_and_never_sent_again_by_itself(
    tmp_path: Path, kind: str
) -> None:
    async with world(tmp_path, clock=FastClock(10 * MINUTE)) as bot:
        bot.sandbox.immoteur.faults.next(1, kind)
        await promise(bot, promised())
        await all_become(bot, "unknown", 1)
        await passed(bot, 10 * MINUTE)
        assert (states(bot), len(posts(bot))) == ({1: "unknown"}, 1)


async def test_what_is_found_in_kare_is_filed(quick: World) -> None:
    quick.sandbox.kare.faults.next(1, "cut")
    await promise(quick, promised("title", "kare", anomalies=2))
    await all_become(quick, "filed", 1)
    cause = quick.rows("select cause from reports")[0]["cause"]
    assert (cause, len(quick.sandbox.kare.anomalies)) == ('{"why":"found"}', 2)


async def test_what_is_found_in_kare_only_partly_stays_unknown(quick: World) -> None:
    quick.sandbox.kare.insert_only = 1
    quick.sandbox.kare.faults.next(1, "cut")
    await promise(quick, promised("title", "kare", anomalies=2))
    receipt = await quick.receipt("C0SECURITE", says="may still arrive there")
    await passed(quick, 6 * MINUTE)
    assert states(quick) == {1: "unknown"}
    assert "do not know whether" in receipt.text


async def test_what_is_found_in_kare_but_may_be_another_reports_settles_nothing(
    quick: World,
) -> None:
    first, second = promised("title", "kare", key="1"), promised("title", "kare", key="2")
    await promise(quick, first)
    await all_become(quick, "filed", 1)
    quick.sandbox.kare.faults.next(1, "cut")
    await promise(quick, replace(second, payload={**second.payload, "reportId": 7}))
    await quick.receipt("C0SECURITE", says="may still arrive there")
    assert states(quick) == {1: "filed", 2: "unknown"}


async def test_fewer_insertions_than_sent_are_filed_with_a_warning(bot: World) -> None:
    bot.sandbox.kare.insert_only = 1
    await promise(bot, promised("title", "kare", anomalies=3))
    await all_become(bot, "filed", 1)
    receipt = await bot.receipt("C0SECURITE", says="Filed with KARE")
    assert "Warning: KARE created only 1 of the 3" in receipt.text


async def test_two_bots_on_one_database_never_take_the_same_report(
    tmp_path: Path, on_both_engines: DatabaseAddress
) -> None:
    """On a file both send. On a server one of them is the back office."""
    senders = 2 - isinstance(on_both_engines, PostgresAddress)
    async with (
        world(tmp_path) as first,
        world(tmp_path, sandbox=first.sandbox) as second,
    ):
        first.sandbox.immoteur.faults.mix({ApiFault("slow", seconds=0.02): 1.0})
        new = [promised(f"{n}") for n in range(60)]
        await promise(first, *new[::2])
        await promise(second, *new[1::2])
        # Their receipts take half a minute at Slack's pace.
        await first.until(lambda: list(states(first).values()) == ["filed"] * 60)
        words = sorted(int(issue.body["comment"]) for issue in first.sandbox.immoteur.issues)
        owners = first.rows("select count(distinct owner) as n from reports")
    assert words == list(range(60))
    assert owners == [{"n": senders}]


async def test_what_a_living_bot_sends_is_left_alone_by_another(tmp_path: Path) -> None:
    async with world(tmp_path, config=BRIEF) as first:
        first.sandbox.immoteur.faults.next(1, ApiFault("slow_after", seconds=2.5))
        await promise(first, promised())
        await first.until(lambda: posts(first))
        async with world(tmp_path, config=BRIEF, sandbox=first.sandbox) as second:
            await all_become(second, "filed", 1)
            history = [row["state"] for row in second.rows("select state from history order by id")]
    assert history == ["waiting", "sending", "filed"]


async def test_what_a_dead_bot_was_sending_is_unknown_after_its_lease(tmp_path: Path) -> None:
    async with world(tmp_path, config=BRIEF) as bot:
        await claimed_by_a_dead_bot(bot)
        await all_become(bot, "unknown", 1)
        assert (posts(bot), len(bot.sandbox.immoteur.issues)) == ([], 0)


async def claimed_by_a_dead_bot(bot: World) -> None:
    services = bot.runtime.services
    now = services.clock.time()
    await services.store.write(
        lambda db: (
            reports.add(db, promised(), now=now),
            delivery_queue.claim(db, "immoteur", "dead", now=now, lease=-30),
        )
    )
