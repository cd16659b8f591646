"""A draft that was not sent: kept, offered in the next form, continued or discarded."""

from pathlib import Path

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.anomalies import (
    add,
    edit,
    filed,
    fill,
    open_with,
    opened,
    stored,
    titles,
)
from tests.engines import run
from tests.world import World, without_lists, world


async def test_a_closed_forms_anomalies_are_offered_and_continued(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await bob.close()
    offered = await opened(bob, "")
    await bob.click("draft_continue")
    view = await bob.until(lambda view: len(titles(view)) == 2)
    await fill(bob, "Cable bare")
    await bob.submit()
    await bot.state(1, "filed")
    assert "You have 2 unsent findings for site 31, report 1204" in offered.text()
    assert "Site 31, report 1204\n" in view.text()
    assert filed(bot) == ["Exit blocked", "Lamp out", "Cable bare"]


async def test_what_was_typed_for_a_new_form_stays_when_a_draft_is_continued(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await bob.close()
    await opened(bob, "5 Lamp out")
    await bob.click("draft_continue")
    view = await bob.until(lambda view: bool(titles(view)))
    assert "Site 31, report 1204\n" in view.text()
    assert view.value("title") == "Lamp out"


async def test_the_same_anomaly_typed_in_a_form_that_continues_a_draft_is_another(
    bot: World, bob: Person
) -> None:
    """Two devices may lack the same thing."""
    await open_with(bob, "Exit blocked")
    await bob.close()
    await opened(bob)
    await bob.click("draft_continue")
    await bob.until(lambda view: titles(view) == ["Exit blocked"])
    await fill(bob, "Exit blocked")
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Exit blocked", "Exit blocked"]


async def test_anomalies_begun_elsewhere_are_offered_with_their_channel(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await bob.close()
    view = await opened(bob, channel=ANNONCES)
    assert "Started in #securite" in view.text()


async def test_unsent_anomalies_can_be_discarded(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked")
    await bob.close()
    await opened(bob)
    await bob.click("draft_discard")
    await bob.until(lambda view: "unsent" not in view.text())
    assert stored(bot) == []


async def test_a_form_of_its_own_can_be_sent_beside_unsent_anomalies(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await bob.close()
    await opened(bob)
    await fill(bob, "Lamp out")
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Lamp out"]
    assert stored(bot) == [(1, "Exit blocked")]


async def test_anomalies_that_another_form_continued_are_missed_by_the_first(
    bot: World, bob: Person
) -> None:
    """The same person, at two screens."""
    await open_with(bob, "Exit blocked")
    sql = "update drafts set key = 'another'"
    await bot.runtime.services.store.write(run, sql)
    outcome = await bob.submit()
    view = await bob.view()
    assert outcome.kind == "updated"
    assert "opened in another form" in view.text()
    assert titles(view) == []


async def test_an_edited_anomaly_that_was_removed_meanwhile_is_named_and_sent_as_a_new_one(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await edit(bob, 1, "Exit blocked")
    sql = "delete from draft_anomalies where number = 1"
    await bot.runtime.services.store.write(run, sql)
    first = await bob.submit()
    view = await bob.view()
    second = await bob.submit()
    await bot.state(1, "filed")
    assert "The finding in the fields was removed meanwhile" in view.text()
    assert [first.kind, second.kind] == ["updated", "closed"]
    assert filed(bot) == ["Lamp out", "Exit blocked"]


async def test_saving_an_anomaly_that_was_removed_meanwhile_says_so_and_keeps_the_text(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await edit(bob, 1, "Exit blocked")
    sql = "delete from draft_anomalies where number = 1"
    await bot.runtime.services.store.write(run, sql)
    await bob.click("add_anomaly")
    view = await bob.until(lambda view: "was removed meanwhile" in view.text())
    await bob.click("add_anomaly")
    await bob.until(lambda view: not view.value("title"))
    assert view.value("title") == "Exit blocked"
    assert stored(bot) == [(2, "Lamp out"), (3, "Exit blocked")]


async def test_a_draft_outlives_a_restart_of_the_bot(tmp_path: Path) -> None:
    sandbox = without_lists()
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await open_with(bob, "Exit blocked")
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await add(bob, "Lamp out")
        await bob.submit()
        await bot.state(1, "filed")
        assert filed(bot) == ["Exit blocked", "Lamp out"]
