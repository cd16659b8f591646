"""The button below an unfurled link opens the form, and the report is shown at the next link."""

import json
from pathlib import Path

from sandbox.faults import ApiFault
from sandbox.slack import Person, SlackFault
from sandbox.slack.seed import ANNONCES, BOB, DIRECTION, GENERAL
from tests.bot.listings import HOUSE_LINK, LINK, SAME_LINK
from tests.bot.unfurls.posted_links import (
    BUTTON,
    report,
    unfurled,
    with_links,
)
from tests.world import World, world


async def test_the_button_opens_the_form_filled_in_with_the_link(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await bob.press_unfurl(message, BUTTON)
    view = await bob.until(lambda view: "m²" in view.text())
    assert view.value("propertyIds") == LINK


async def test_each_button_is_of_its_own_link(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(f"{LINK} {HOUSE_LINK}", channel=ANNONCES), 2)
    await bob.press_unfurl(message, BUTTON, of="orpi.com")
    view = await bob.view()
    assert view.value("propertyIds") == HOUSE_LINK


async def test_the_report_is_told_in_the_thread_of_the_message(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.receipt(ANNONCES, says="Filed", under=message.ts)
    assert [message.ts for message in bot.slack.workspace.history(ANNONCES)] == [message.ts]


async def test_a_link_in_a_thread_is_reported_in_that_thread(bot: World, bob: Person) -> None:
    parent = bob.say("new today", channel=ANNONCES)
    posted = await bob.post(LINK, channel=ANNONCES, thread_ts=parent.ts)
    await report(bob, await unfurled(bot, posted))
    await bot.receipt(ANNONCES, says="Filed", under=parent.ts)


async def test_where_the_bot_is_no_member_the_receipt_comes_to_the_person(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=DIRECTION))
    await report(bob, message)
    await bot.until(lambda: [message for message in bob.direct_messages if "Filed" in message.text])


async def test_the_next_link_to_it_shows_that_it_was_reported_and_where(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.receipt(ANNONCES, says="Filed", under=message.ts)
    again = await unfurled(bot, await bob.post(f"{LINK}?utm_id=2", channel=ANNONCES))
    shown = json.dumps(again.attachments[0]["blocks"], ensure_ascii=False)
    assert "was reported already and filed" in shown
    assert f"archives/{ANNONCES}/p{message.ts.replace('.', '')}" in shown


async def test_in_another_channel_it_does_not_show_where(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=DIRECTION))
    await report(bob, message)
    await bot.state(1, "filed")
    elsewhere = await unfurled(bot, await bob.post(LINK, channel=GENERAL))
    shown = json.dumps(elsewhere.attachments[0]["blocks"], ensure_ascii=False)
    assert "reported already" in shown
    assert "archives" not in shown
    assert BOB not in shown


async def test_a_link_to_a_listing_on_another_portal_shows_the_same_report(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.state(1, "filed")
    other = await unfurled(bot, await bob.post(SAME_LINK, channel=ANNONCES))
    assert "reported already" in bob.read(other)


async def test_a_discarded_report_is_not_mentioned(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("422"))
    await unfurled(bot, message := await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.state(1, "refused")
    receipt = await bot.receipt(ANNONCES, says="Not filed", under=message.ts)
    await bob.press(receipt, "discard")
    await bot.state(1, "discarded")
    bot.sandbox.immoteur.faults.stop()
    again = await unfurled(bot, await bob.post(f"{LINK}?utm_id=2", channel=ANNONCES))
    assert "reported" not in bob.read(again)


async def test_a_form_that_cannot_be_opened_is_told_where_the_button_is(
    bot: World, alice: Person
) -> None:
    parent = alice.say("nouveau", channel=ANNONCES)
    message = await alice.post(LINK, channel=ANNONCES, thread_ts=parent.ts)
    bot.slack.faults.set("views.open", SlackFault("error", error="expired_trigger_id"), times=1)
    await alice.press_unfurl(await unfurled(bot, message), BUTTON)
    messages = await bot.until(lambda: alice.ephemerals)
    assert messages[0].thread_ts == parent.ts
    assert "formulaire" in messages[0].text


async def test_a_button_from_before_immoteur_was_taken_away_says_so(
    bot: World, bob: Person, tmp_path: Path
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    later = tmp_path / "later"
    later.mkdir()
    settings = {"IMMOTEUR_TOKEN": None}
    async with world(later, sandbox=with_links(), settings=settings) as without:
        without.slack.workspace.put(message)
        bob = without.person(BOB)
        await bob.press_unfurl(message, BUTTON)
        messages = await without.until(lambda: bob.ephemerals)
    assert messages[0].text.startswith("Immoteur is not set up here")
