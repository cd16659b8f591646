"""A report whose link cannot be read: refused with its reason, and what a person can do then."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message, Person
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.early_listings import OTHER, submitted_early
from tests.bot.listings import (
    FLAT,
    HOME,
    LINK,
    LOOKUPS,
    SAME_FLAT,
    SAME_LINK,
    TWIN,
    TWIN_HOME,
    TWIN_LINK,
    UNKNOWN_LINK,
    filed,
    lines,
    opened,
)
from tests.fast_clock import FastClock
from tests.world import World, without_lists, world


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[World]:
    """A bot that gives up on a look-up twenty times as soon; Slack's clock is the machine's."""
    async with world(tmp_path, clock=FastClock(20), sandbox=without_lists()) as bot:
        yield bot


async def refused(bot: World, number: int = 1) -> Message:
    await bot.state(number, "refused")
    return await bot.receipt(ANNONCES, says="could not look up")


def buttons(receipt: Message) -> list[str]:
    return [
        element["action_id"]
        for block in receipt.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


REFUSALS = [
    (ApiFault("404"), "unknown to Immoteur"),
    (ApiFault("403"), "our account has no access to it"),
    (ApiFault("409"), "data access of our account is not configured"),
    (ApiFault("422"), "Immoteur cannot read it"),
    (ApiFault("500"), "Immoteur returned an error"),
    (ApiFault("html"), "Immoteur returned an error"),
    (ApiFault("nonsense"), "Immoteur returned an error"),
    (ApiFault("cut"), "no answer in time"),
]


@pytest.mark.parametrize(("fault", "why"), REFUSALS, ids=[case[0].kind for case in REFUSALS])
async def test_a_link_that_still_cannot_be_read_is_refused_with_its_reason(
    bot: World, bob: Person, fault: ApiFault, why: str
) -> None:
    bot.sandbox.immoteur.faults.always(fault, on=LOOKUPS)
    await opened(bob, f"other {LINK} wrong")
    await bob.submit()
    receipt = await refused(bot)
    seen = (f"{LINK}: {why}" in bob.read(receipt), buttons(receipt), bot.sandbox.immoteur.issues)
    assert seen == (True, ["edit", "try_now", "discard"], [])


async def test_a_look_up_that_hangs_is_given_up_and_refused(hasty: World) -> None:
    hasty.sandbox.immoteur.faults.always(ApiFault("hang", seconds=20), on=LOOKUPS)
    bob = hasty.person(BOB)
    await opened(bob, f"other {LINK} wrong")
    await bob.submit()
    receipt = await refused(hasty)
    assert f"{LINK}: no answer in time" in bob.read(receipt)


async def test_one_refused_look_up_holds_up_nobody_elses_report(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.always("500", on="GET /classifieds/lookup")
    await opened(bob, f"other {LINK} wrong")
    await bob.submit()
    await opened(bob, f"other {TWIN_HOME} wrong")
    await bob.submit()
    await bot.state(2, "filed")
    assert bot.rows("select state, cause from reports where number = 2") == [
        {"state": "filed", "cause": '{"why":"answered"}'}
    ]


async def test_trying_again_reads_what_can_be_read_by_then(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.always("500", on=LOOKUPS)
    await opened(bob, f"other {LINK} wrong")
    await bob.submit()
    receipt = await refused(bot)
    bot.sandbox.immoteur.faults.stop()
    await bob.press(receipt, "try_now")
    assert await filed(bot) == {**OTHER, "propertyIds": [HOME], "classifiedIds": [FLAT]}


NEXT_BEST = [
    (f"other {HOME} {UNKNOWN_LINK} wrong", {"propertyIds": [HOME]}),
    (f"other {TWIN_LINK} {UNKNOWN_LINK} wrong",
     {"propertyIds": [TWIN_HOME], "classifiedIds": [TWIN]}),
    (f"other classified:{FLAT} {UNKNOWN_LINK} wrong",
     {"propertyIds": [HOME], "classifiedIds": [FLAT]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "targets"), NEXT_BEST, ids=["an id", "a link", "a classified"])
async def test_where_other_targets_were_named_it_can_be_sent_without_it(
    bot: World, bob: Person, text: str, targets: dict[str, list[str]]
) -> None:
    await submitted_early(bot, bob, text)
    receipt = await refused(bot)
    offered = buttons(receipt)
    await bob.press(receipt, "send_without")
    assert (offered, await filed(bot)) == (
        ["send_without", "edit", "try_now", "discard"],
        {**OTHER, **targets},
    )


@pytest.mark.parametrize(
    "text",
    [
        f"merge {HOME} {UNKNOWN_LINK}",
        f"merge {LINK} {UNKNOWN_LINK}",
        f"split {HOME} {UNKNOWN_LINK}",
        f"other {UNKNOWN_LINK} wrong",
        "other classified:00000000-0000-4000-8000-000000000000 wrong",
    ],
)
async def test_where_nothing_could_be_sent_without_it_only_an_edit_is_offered(
    bot: World, bob: Person, text: str
) -> None:
    await submitted_early(bot, bob, text)
    receipt = await refused(bot)
    assert buttons(receipt) == ["edit", "try_now", "discard"]


async def test_sending_without_it_twice_is_done_once(bot: World, bob: Person) -> None:
    await submitted_early(bot, bob, f"other {HOME} {UNKNOWN_LINK} wrong")
    receipt = await refused(bot)
    await bob.press(receipt, "send_without")
    await bot.state(1, "filed")
    stale = bot.slack.workspace.messages[receipt.channel][receipt.ts]
    object.__setattr__(stale, "blocks", receipt.blocks)
    await bob.press(stale, "send_without")
    await bot.until(lambda: bob.ephemerals)
    assert (len(bot.sandbox.immoteur.issues), bob.ephemerals[0].text) == (
        1,
        "Nothing was done: report no. 1 has changed in the meantime. Its state now: filed.",
    )


async def test_an_edit_shows_the_link_and_sends_what_took_its_place(
    bot: World, bob: Person
) -> None:
    await submitted_early(bot, bob, f"other {HOME} {UNKNOWN_LINK} wrong")
    receipt = await refused(bot)
    await bob.press(receipt, "edit")
    form = await bob.view()
    value = form.value("propertyIds")
    await bob.type("propertyIds", HOME)
    await bob.submit()
    assert (value, await filed(bot)) == (
        lines(HOME, UNKNOWN_LINK),
        {**OTHER, "propertyIds": [HOME]},
    )


@pytest.mark.parametrize(
    "same",
    [f"{LINK} {SAME_LINK}", f"{HOME} {LINK}", f"{HOME} classified:{SAME_FLAT}",
     f"classified:{FLAT} classified:{SAME_FLAT}"],
)  # fmt: skip
async def test_a_merge_that_turns_out_to_be_of_one_property_is_refused(
    bot: World, bob: Person, same: str
) -> None:
    await submitted_early(bot, bob, f"merge {same}")
    receipt = await refused(bot)
    seen = ("already the same property" in bob.read(receipt), bot.sandbox.immoteur.issues)
    assert seen == (True, [])
