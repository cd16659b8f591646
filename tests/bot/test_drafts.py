"""/anomaly's draft: many anomalies of one visit, stored as they are added, filed in one call."""

import asyncio

from sandbox.slack import Person
from sandbox.slack.seed import SECURITE
from tests.bot.anomalies import (
    ADD,
    add,
    calls,
    change_site,
    filed,
    fill,
    fill_own,
    open_with,
    opened,
    stored,
    titles,
)
from tests.world import World


async def test_another_anomaly_keeps_the_installation_and_empties_the_other_fields(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    view = await add(bob, "Exit blocked", risk="0")
    assert {name: view.value(name) for name in view.fields} == {
        "technicalInstallationId": "7",
        "risk": None,
        "title": None,
        "description": None,
    }
    assert titles(view) == ["Exit blocked"]


async def test_all_anomalies_are_filed_in_one_call(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await change_site(bob, "32")
    await fill_own(bob, "Cable bare")
    outcome = await bob.submit()
    await bot.receipt(SECURITE, says="All 3 findings were created")
    assert outcome.kind == "closed"
    assert filed(bot) == ["Exit blocked", "Lamp out", "Cable bare"]
    assert [anomaly.body["siteId"] for anomaly in bot.sandbox.kare.anomalies] == [31, 31, 32]
    assert calls(bot) == 1


async def test_blank_fields_behind_the_last_anomaly_are_not_sent(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked")
    outcome = await bob.submit()
    await bot.state(1, "filed")
    assert outcome.kind == "closed"
    assert filed(bot) == ["Exit blocked"]
    assert stored(bot) == []


async def test_fields_that_show_nothing_behind_the_last_anomaly_are_blank(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await bob.type("title", "\u200b\u00ad")
    await bob.type("description", "\u3164 \u2800")
    outcome = await bob.submit()
    await bot.state(1, "filed")
    assert outcome.kind == "closed"
    assert filed(bot) == ["Exit blocked"]


async def test_fewer_insertions_than_anomalies_are_shown_as_a_warning(
    bot: World, bob: Person
) -> None:
    bot.sandbox.kare.insert_only = 1
    await open_with(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    await bob.submit()
    assert await bot.receipt(SECURITE, says="created only 1 of the 2 findings sent")


async def test_an_anomaly_with_errors_is_not_added_and_they_are_shown(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await bob.type("title", "Exit blocked")
    await bob.click(ADD)
    view = await bob.until(lambda view: "(error)" in view.text())
    assert view.text().count("(error)") == 5
    assert "4 fields need correcting. Site: Enter a whole number, such as 1204." in view.text()
    assert view.value("title") == "Exit blocked"
    assert stored(bot) == []


async def test_an_anomaly_half_filled_is_not_sent_as_if_it_were_blank(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await bob.type("title", "Lamp out")
    outcome = await bob.submit()
    assert sorted(outcome.errors.values()) == [
        "Choose a risk.",
        "This cannot be left blank.",
    ]
    assert filed(bot) == []


async def test_a_title_is_shown_as_it_was_typed_whatever_slack_reads_as_markup(
    bot: World, bob: Person
) -> None:
    title = "2*3 _m_ `x` ~y~ :fire: <!channel> & <@U1>"
    await opened(bob)
    view = await add(bob, title, risk="1")
    section = next(block for block in view.blocks if block["block_id"] == "anomaly.1")
    assert section["text"] == {
        "type": "plain_text",
        "text": f"{title}\n1 · low · 204",
        "emoji": False,
    }


async def test_a_form_uses_no_block_that_slack_may_not_show_in_a_modal(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    view = await add(bob, "Exit blocked", risk="3")
    types = {block["type"] for block in view.blocks}
    assert types == {"actions", "alert", "context", "input", "section"}


async def test_the_same_form_sent_twice_is_one_report(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked")
    first, second = await bob.submit(), await bob.submit_again()
    await bot.state(1, "filed")
    assert [first.kind, second.kind] == ["closed", "closed"]
    assert len(bot.rows("select number from reports")) == 1
    assert filed(bot) == ["Exit blocked"]


async def test_two_people_fill_drafts_of_their_own(bot: World, bob: Person, alice: Person) -> None:
    await asyncio.gather(opened(bob), opened(alice))
    await alice.until(lambda view: view.title == "Signaler une anomalie")
    await asyncio.gather(add(bob, "Exit blocked"), add(alice, "Porte bloquée"))
    bobs, alices = await asyncio.gather(add(bob, "Lamp out"), add(alice, "Lampe éteinte"))
    assert titles(bobs) == ["Exit blocked", "Lamp out"]
    assert titles(alices) == ["Porte bloquée", "Lampe éteinte"]
