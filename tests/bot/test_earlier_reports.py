"""The question about earlier reports of the same, and what only one person is told in a thread."""

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, CAROL
from tests.bot.listings import opened
from tests.world import ID, OTHER_ID, World


async def file(bot: World, person: Person, text: str, number: int = 1) -> None:
    await opened(person, text)
    await person.submit()
    await bot.state(number, "filed")


async def test_the_question_says_what_was_asked_for_and_leads_to_its_thread(
    bot: World, bob: Person
) -> None:
    await file(bot, bob, f"{ID} data price")
    await bot.receipt(ANNONCES, says="Filed with Immoteur")
    carol = bot.person(CAROL)
    await opened(carol, f"{ID} price")
    outcome = await carol.submit()
    view = carol.screen
    assert view is not None
    assert outcome.kind == "updated"
    assert "Price, by @bob" in view.text()
    section = next(block for block in view.blocks if block["block_id"] == "earlier.reports")
    assert f"/archives/{ANNONCES}/p" in section["text"]["text"]


@pytest.mark.parametrize("text", [f"{ID} photos", f"merge {ID} {OTHER_ID}", f"{ID} other gone"])
async def test_another_request_about_the_same_property_is_no_question(
    bot: World, bob: Person, text: str
) -> None:
    await file(bot, bob, f"{ID} price")
    await opened(bob, text)
    outcome = await bob.submit()
    assert outcome.kind == "closed"


async def test_an_edit_to_what_was_reported_before_asks(bot: World, bob: Person) -> None:
    await file(bot, bob, f"{ID} price")
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    await opened(bob, f"{OTHER_ID} price")
    await bob.submit()
    await bot.state(2, "refused")
    await bob.press(await bot.receipt(ANNONCES, says="refused"), "edit")
    await bob.view()
    await bob.type("propertyIds", ID)
    asked = await bob.submit()
    again = await bob.submit()
    assert [asked.kind, again.kind] == ["updated", "closed"]


async def test_a_press_in_a_thread_is_answered_in_that_thread(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    await opened(bob, f"{ID} price")
    await bob.submit()
    receipt = await bot.receipt(ANNONCES, says="refused")
    await bot.person(CAROL).press(receipt, "discard")
    shown = await bot.until(lambda: bot.slack.workspace.ephemerals)
    assert [message.thread_ts for message in shown] == [receipt.thread_ts]
