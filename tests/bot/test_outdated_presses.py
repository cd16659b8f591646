"""A press that was meant for an older revision of a report changes nothing, and says so."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message, Person, payloads
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from tests.bot.listings import HOME
from tests.bot.pictures import photo_world, photos, picture, report_with
from tests.bot.test_home import on_screen, show
from tests.bot.test_malformed_payloads import status
from tests.world import FAST, ID, World, world

OUTDATED = "has changed since this button was shown"
IMAGES = "POST /anomalies/v2/rs/900001/images"
UNREADABLE = "https://www.example.com/annonces/1"


def buttons(receipt: Message) -> Iterator[dict[str, Any]]:
    for block in receipt.blocks:
        if block["type"] == "actions":
            yield from ({**element, "block": block["block_id"]} for element in block["elements"])


def press_on(bot: World, receipt: Message, name: str, user: str = BOB) -> dict[str, Any]:
    """A press on the receipt as it was drawn once, with its buttons of that time."""
    space = bot.slack.workspace
    button = next(button for button in buttons(receipt) if button["action_id"] == name)
    action = {
        "type": "button",
        "action_id": name,
        "block_id": button["block"],
        "value": button["value"],
    }
    place = space.channels[receipt.channel]
    return payloads.message_press(bot.slack, space.users[user], place, receipt, action)


async def posted(bot: World, channel: str = ANNONCES) -> Message:
    """The receipt, once it shows the present facts: a copy that no update changes."""
    await bot.until(lambda: bot.rows("select 1 from receipts where posted = version"))
    return copy.deepcopy(await bot.receipt(channel, says="No. 1"))


async def settled(bot: World, state: str, *, attempts: int) -> None:
    sql = "select 1 from reports where state = ? and attempts = ?"
    await bot.until(lambda: bot.rows(sql, state, attempts))


async def submit(person: Person, text: str = f"other {ID} the link is dead") -> None:
    await person.command("/report-issue", text, channel=ANNONCES)
    await person.view()
    await person.submit()


def sent(bot: World) -> int:
    return sum(call.method == "POST" for call in bot.sandbox.immoteur.requests)


def facts(bot: World) -> list[dict[str, Any]]:
    """Everything that a decision would change."""
    return bot.rows("select state, cause, attempts, next_try, payload, edit_key from reports")


DECISIONS = [
    ("unknown", ApiFault("cut"), "send_again", "send_again"),
    ("unknown", ApiFault("cut"), "send_again", "it_is_there"),
    ("unknown", ApiFault("cut"), "send_again", "discard"),
    ("refused", ApiFault("422"), "try_now", "try_now"),
    ("refused", ApiFault("422"), "try_now", "discard"),
    ("waiting", ApiFault("503", retry_after=600), "try_now", "try_now"),
    ("waiting", ApiFault("503", retry_after=600), "try_now", "discard"),
]


@pytest.mark.parametrize(
    ("state", "fault", "first", "second"),
    DECISIONS,
    ids=[f"{case[0]} {case[2]} {case[3]}" for case in DECISIONS],
)
async def test_a_press_on_a_receipt_from_before_another_decision_changes_nothing(
    bot: World, bob: Person, state: str, fault: ApiFault, first: str, second: str
) -> None:
    """The report has the same state again, so its state alone would allow the press."""
    bot.sandbox.immoteur.faults.always(fault)
    await submit(bob)
    await settled(bot, state, attempts=1)
    receipt = await posted(bot)
    await bob.press(receipt, first)
    await settled(bot, state, attempts=2)
    before, requests = facts(bot), sent(bot)
    assert await status(bot, press_on(bot, receipt, second)) == 200
    await bot.until(lambda: bob.ephemerals)
    assert OUTDATED in bob.ephemerals[0].text
    assert facts(bot) == before
    assert sent(bot) == requests


async def test_a_press_on_the_receipt_of_now_counts(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(2, ApiFault("cut"))
    await submit(bob)
    await settled(bot, "unknown", attempts=1)
    await bob.press(await posted(bot), "send_again")
    await settled(bot, "unknown", attempts=2)
    await status(bot, press_on(bot, await posted(bot), "send_again"))
    await settled(bot, "filed", attempts=3)
    assert bob.ephemerals == []


async def test_a_discarded_report_is_not_restored_by_a_button_from_before_it_was_restored(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("422"))
    await submit(bob)
    await bot.state(1, "refused")
    await bob.press(await posted(bot), "discard")
    await bot.state(1, "discarded")
    receipt = await posted(bot)
    await bob.press(receipt, "restore")
    await bot.state(1, "refused")
    await bob.press(await posted(bot), "discard")
    await bot.state(1, "discarded")
    before = facts(bot)
    await status(bot, press_on(bot, receipt, "restore"))
    await bot.until(lambda: bob.ephemerals)
    assert OUTDATED in bob.ephemerals[0].text
    assert facts(bot) == before


async def test_a_report_is_not_sent_without_a_link_by_a_button_from_before_another_try(
    bot: World, bob: Person
) -> None:
    await submit(bob, f"other {HOME} {UNREADABLE} wrong")
    await settled(bot, "refused", attempts=1)
    receipt = await posted(bot)
    await bob.press(receipt, "try_now")
    await settled(bot, "refused", attempts=2)
    before = facts(bot)
    await status(bot, press_on(bot, receipt, "send_without"))
    await bot.until(lambda: bob.ephemerals)
    assert OUTDATED in bob.ephemerals[0].text
    assert facts(bot) == before


@pytest.mark.parametrize("button", ["photos_again", "photos_there"])
async def test_photos_in_doubt_are_settled_only_by_who_saw_this_doubt(
    tmp_path: Path, button: str
) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.next(2, "cut", on=IMAGES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "unclear", "cut")
        receipt = await posted(bot, SECURITE)
        await bob.press(receipt, "photos_again")
        doubts = "select 1 from history where json_extract(cause, '$.why') = 'photos_unclear'"
        await bot.until(lambda: len(bot.rows(doubts)) == 2)
        [before] = await photos(bot, "unclear", "cut")
        await status(bot, press_on(bot, receipt, button))
        await bot.until(lambda: bob.ephemerals)
        assert OUTDATED in bob.ephemerals[0].text
        assert await photos(bot, "unclear", "cut") == [before]


@pytest.mark.parametrize("button", ["send_again", "it_is_there", "discard"])
async def test_a_press_on_a_home_from_before_another_decision_changes_nothing(
    bot: World, bob: Person, button: str
) -> None:
    await bob.open_home()
    bot.sandbox.immoteur.faults.always(ApiFault("cut"))
    await submit(bob)
    await settled(bot, "unknown", attempts=1)
    receipt = await posted(bot)
    await bob.open_home()
    await bob.home_shows(lambda text: "[Send again]" in text)
    home = copy.deepcopy(on_screen(bot, BOB))
    await bob.press(receipt, "send_again")
    await settled(bot, "unknown", attempts=2)
    before = facts(bot)
    show(bot, BOB, home)
    await bob.press_on_home(button)
    await bob.home_shows(lambda text: OUTDATED in text)
    assert facts(bot) == before


async def test_an_edit_of_what_was_sent_again_meanwhile_warns_first(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.next(2, ApiFault("cut"))
    await submit(bob)
    await settled(bot, "unknown", attempts=1)
    receipt = await posted(bot)
    await bob.press(receipt, "edit")
    await bob.view()
    await status(bot, press_on(bot, receipt, "send_again"))
    await settled(bot, "unknown", attempts=2)
    before = facts(bot)
    warned = await bob.submit()
    assert warned.kind == "updated"
    assert "has changed since you opened it" in (await bob.view()).text()
    assert facts(bot) == before
    assert (await bob.submit()).kind == "closed"
    await settled(bot, "filed", attempts=3)


async def test_an_edit_does_not_replace_an_edit_that_its_author_has_not_seen(
    tmp_path: Path,
) -> None:
    config = FAST.model_copy(update={"admins": frozenset({ALICE})})
    async with world(tmp_path, config=config) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("cut"))
        bob, alice = bot.person(BOB), bot.person(ALICE)
        await submit(bob)
        await settled(bot, "unknown", attempts=1)
        receipt = await posted(bot)
        for person, text in ((bob, "his words"), (alice, "her words")):
            await person.press(receipt, "edit")
            await person.view()
            await person.type("comment", text)
        await alice.until(lambda view: view.title == "Signaler un problème")
        await bob.submit()
        await settled(bot, "unknown", attempts=2)
        before = facts(bot)
        outcome = await alice.submit()
        assert outcome.kind == "errors"
        assert "quelqu’un a modifié ce signalement" in str(outcome.errors)
        assert facts(bot) == before
