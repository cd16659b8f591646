"""Look-ups are asked once for all who want them, kept, and stopped where Immoteur says so."""

import asyncio
import threading
from pathlib import Path

import pytest

from blocks.issue.listing import Listing
from bot.immoteur.form_data import Lookups
from bot.immoteur.lookup_api import LookupFailure
from sandbox.faults import ApiFault
from sandbox.sandbox import Sandbox
from sandbox.slack.seed import ALICE, BOB, CAROL
from tests.bot.listings import (
    FLAT,
    LINK,
    LOOKUPS,
    TWIN,
    TWIN_LINK,
    UNKNOWN_LINK,
    found,
    looked_up,
    of_message,
    opened,
    others,
    settled,
)
from tests.fast_clock import FastClock
from tests.world import World, without_lists, world

MINUTE, DAY = 60, 86_400


class MovedClock(FastClock):
    """The machine's clock, moved on by hand."""

    def __init__(self) -> None:
        super().__init__(1)

    def move(self, seconds: float) -> None:
        self._passed += seconds


CARDS = {"seloger.com · ": FLAT, "bienici.com · ": TWIN}
"""The listing whose card says so."""


async def found_again(bot: World, text: str) -> str:
    """The listing whose card a form shows that is opened and closed; empty when it has none."""
    bob = bot.person(BOB)
    view = await found(bob, text)
    await bob.close()
    return next((id_ for card, id_ in CARDS.items() if card in view.text()), "")


async def test_a_second_look_up_asks_nobody(bot: World) -> None:
    seen = [await found_again(bot, f"{LINK}{end}") for end in ("", "?utm_source=mail", "#photos")]
    assert (seen, looked_up(bot)) == ([FLAT] * 3, ["/classifieds/lookup"])


async def test_what_a_link_led_to_is_known_by_its_id_too(bot: World) -> None:
    seen = [await found_again(bot, LINK), await found_again(bot, f"other classified:{FLAT}")]
    assert (seen, looked_up(bot)) == ([FLAT] * 2, ["/classifieds/lookup"])


async def test_what_was_found_survives_a_restart(tmp_path: Path) -> None:
    sandbox = without_lists()
    for _ in range(2):
        async with world(tmp_path, sandbox=sandbox) as bot:
            await found_again(bot, LINK)
    assert looked_up(bot) == ["/classifieds/lookup"]


@pytest.mark.parametrize(
    ("link", "later", "asked"),
    [
        (LINK, DAY - MINUTE, 1),
        (LINK, DAY + MINUTE, 2),
        (UNKNOWN_LINK, MINUTE, 1),
        (UNKNOWN_LINK, 10 * MINUTE, 2),
    ],
    ids=[
        "found, that day",
        "found, the next day",
        "not found, at once",
        "not found, minutes later",
    ],
)
@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_what_was_found_counts_for_a_day_and_what_was_not_for_minutes(
    tmp_path: Path,
    link: str,
    later: float,
    asked: int,
    restarted: bool,  # noqa: FBT001
) -> None:
    clock = MovedClock()
    sandbox = Sandbox(clock.time, burst=1000)
    async with world(tmp_path, sandbox=sandbox, clock=clock) as bot:
        await found_again(bot, link)
        clock.move(later)
        if not restarted:
            await found_again(bot, link)
    if restarted:
        async with world(tmp_path, sandbox=sandbox, clock=clock) as bot:
            await found_again(bot, link)
    assert len(looked_up(bot)) == asked


async def test_a_failure_is_kept_for_nobody_else(tmp_path: Path) -> None:
    clock = MovedClock()
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.next(1, "500", on=LOOKUPS)
        seen = [await found_again(bot, LINK)]
        clock.move(30)
        seen.append(await found_again(bot, LINK))
        assert (seen, bot.rows("select token from lookups")) == (
            ["", FLAT],
            [{"token": f"link:{LINK.removeprefix('https://www.')}"}],
        )


async def test_many_who_ask_at_once_are_one_question(bot: World) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("slow", seconds=0.3), on=LOOKUPS)
    people = [bot.person(user) for user in (ALICE, BOB, CAROL)]
    await asyncio.gather(*(opened(person, LINK) for person in people))
    views = [await settled(person) for person in people]
    assert (["seloger.com · " in view.text() for view in views], looked_up(bot)) == (
        [True] * 3,
        ["/classifieds/lookup"],
    )


async def test_look_ups_of_one_form_run_side_by_side(bot: World) -> None:
    """Six one after the other would take longer than the form waits."""
    bot.sandbox.immoteur.faults.always(ApiFault("slow", seconds=0.6), on=LOOKUPS)
    bob = bot.person(BOB)
    await of_message(bot, bob, " ".join(others(bot, 6)))
    view = await settled(bob)
    assert len(view.value("listings")) == 6


async def test_an_answer_that_came_late_is_there_for_the_next_form(tmp_path: Path) -> None:
    clock, sandbox = FastClock(1), without_lists()
    async with world(tmp_path, clock=clock, sandbox=sandbox) as bot:
        clock.speed = 10  # for the form alone: the look-up keeps its ten seconds
        bot.sandbox.immoteur.faults.next(1, ApiFault("slow", seconds=0.5), on=LOOKUPS)
        seen = [await found_again(bot, LINK)]
        await bot.until(lambda: bot.rows("select 1 from lookups"))
        clock.speed = 1
        seen.append(await found_again(bot, LINK))
        assert (seen, len(looked_up(bot))) == (["", FLAT], 1)


async def test_after_a_429_nothing_is_asked_until_its_reset(tmp_path: Path) -> None:
    clock = MovedClock()
    async with world(tmp_path, clock=clock) as bot:
        trouble = bot.sandbox.immoteur.faults
        trouble.next(1, ApiFault("429", retry_after=600), on=LOOKUPS)
        await found_again(bot, LINK)
        clock.move(590)
        seen = [await found_again(bot, TWIN_LINK), len(looked_up(bot))]
        clock.move(20)
        seen += [await found_again(bot, TWIN_LINK), len(looked_up(bot))]
        assert seen == ["", 1, TWIN, 2]


async def test_of_many_links_none_is_asked_behind_a_429(bot: World) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("429", retry_after=600), on=LOOKUPS)
    bob = bot.person(BOB)
    await of_message(bot, bob, " ".join(others(bot, 20)))
    await settled(bob)
    assert len(looked_up(bot)) <= 6


async def test_the_last_request_that_is_allowed_is_the_last_until_the_reset(tmp_path: Path) -> None:
    clock = MovedClock()
    async with world(tmp_path, clock=clock) as bot:
        await bot.until(lambda: bot.sandbox.immoteur.requests)  # the check of the token
        # The sandbox counts by the minute: begin with a fresh one.
        clock.move(MINUTE - clock.time() % MINUTE)
        bot.sandbox.immoteur.rate_limit = 1
        seen = [await found_again(bot, LINK), await found_again(bot, TWIN_LINK)]
        refused = [
            request.status for request in bot.sandbox.immoteur.requests if request.status == 429
        ]
        clock.move(MINUTE)
        seen.append(await found_again(bot, TWIN_LINK))
        assert (seen, refused) == ([FLAT, "", TWIN], [])


async def test_who_asks_again_is_not_given_an_answer_that_is_still_being_written_down(
    bot: World,
) -> None:
    form_data, store = bot.runtime.kinds["report_issue"].form_data, bot.runtime.services.store
    assert isinstance(form_data, Lookups)
    bot.sandbox.immoteur.faults.next(1, ApiFault("hang", seconds=0.3), on=LOOKUPS)
    first = asyncio.create_task(form_data.listings.resolve([LINK], []))
    await bot.until(lambda: bot.sandbox.immoteur.requests)
    written = threading.Event()
    disk = asyncio.create_task(store.write(lambda _: written.wait()))
    await asyncio.sleep(0.5)
    second = asyncio.create_task(form_data.listings.resolve([LINK], []))
    await asyncio.sleep(0)
    written.set()
    await disk
    answers = [type((await task)[LINK]) for task in (first, second)]
    assert answers == [LookupFailure, Listing]


async def test_calls_are_logged_without_what_was_asked(bot: World) -> None:
    await found_again(bot, LINK)
    sql = "select method, path, status from calls where api = 'immoteur' and path <> '/auth'"
    assert await bot.until(lambda: bot.rows(sql)) == [
        {"method": "GET", "path": "/classifieds/lookup", "status": 200}
    ]


async def test_a_bot_stops_at_once_while_immoteur_hangs(tmp_path: Path) -> None:
    async with asyncio.timeout(8):
        async with world(tmp_path) as bot:
            bot.sandbox.immoteur.faults.always("hang", on="GET /")
            view = await opened(bot.person(BOB), LINK)
    assert view.value("propertyIds") == LINK
