"""Anomalies of a draft are edited, saved and removed."""

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import SECURITE
from tests.bot.anomalies import (
    ADD,
    REMOVE,
    add,
    edit,
    filed,
    fill,
    lines,
    open_with,
    opened,
    remove,
    show_list,
    stored,
    titles,
)
from tests.world import World


async def test_an_anomaly_of_the_draft_is_edited_in_its_place(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked", risk="3")
    await add(bob, "Lamp out")
    view = await edit(bob, 1, "Exit blocked")
    await bob.type("title", "Exit locked")
    await bob.submit()
    await bot.state(1, "filed")
    assert view.value("risk") == "3"
    assert view.value("technicalInstallationId") == "7"
    assert view.value("description") == "Exit blocked, seen today"
    assert filed(bot) == ["Exit locked", "Lamp out"]


async def test_what_is_typed_is_added_before_another_anomaly_is_edited(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    await edit(bob, 1, "Exit blocked")
    view = await show_list(bob)
    assert titles(view) == ["Exit blocked", "Lamp out"]


async def test_saving_an_edited_anomaly_goes_on_to_a_new_one(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await edit(bob, 1, "Exit blocked")
    await bob.type("title", "Exit locked")
    await bob.click(ADD)
    await bob.until(lambda view: not view.value("title"))
    view = await show_list(bob)
    await fill(bob, "Cable bare")
    await bob.submit()
    await bot.state(1, "filed")
    assert titles(view) == ["Exit locked", "Lamp out"]
    assert filed(bot) == ["Exit locked", "Lamp out", "Cable bare"]


async def test_an_anomaly_is_removed_and_what_is_typed_stays(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await fill(bob, "Cable bare")
    await remove(bob, 1)
    view = await bob.until(lambda view: titles(view) == ["Lamp out"])
    await bob.submit()
    await bot.state(1, "filed")
    assert view.value("title") == "Cable bare"
    assert filed(bot) == ["Lamp out", "Cable bare"]


async def test_the_anomaly_in_the_fields_is_removed_with_them(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    await edit(bob, 1, "Exit blocked")
    await bob.click(REMOVE)
    await bob.until(lambda view: not view.value("title"))
    view = await show_list(bob)
    await bob.submit()
    await bot.state(1, "filed")
    assert titles(view) == ["Lamp out"]
    assert filed(bot) == ["Lamp out"]


async def test_removing_the_last_anomaly_leaves_a_form_as_it_was(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked")
    await remove(bob, 1)
    view = await bob.until(lambda view: not titles(view))
    outcome = await bob.submit()
    assert stored(bot) == []
    assert "(error)" not in view.text()
    assert outcome.kind == "blocked"


async def test_a_number_that_was_removed_is_not_given_again(bot: World, bob: Person) -> None:
    """A form that still edits it elsewhere would replace another anomaly."""
    await open_with(bob, "Exit blocked", "Lamp out")
    await remove(bob, 2)
    await bob.until(lambda view: titles(view) == ["Exit blocked"])
    await add(bob, "Cable bare")
    assert stored(bot) == [(1, "Exit blocked"), (3, "Cable bare")]


async def test_a_refused_report_of_several_anomalies_is_edited_as_it_was(
    bot: World, bob: Person
) -> None:
    bot.sandbox.kare.faults.next(1, ApiFault("400"))
    await open_with(bob, "Exit blocked", "Lamp out")
    await bob.submit()
    await bot.state(1, "refused")
    await bob.press(await bot.receipt(SECURITE, says="Not filed"), "edit")
    view = await bob.until(lambda view: len(titles(view)) == 2)
    await remove(bob, 2)
    await bob.until(lambda view: len(titles(view)) == 1)
    await bob.type("title", "Exit locked")
    await bob.submit()
    await bot.state(1, "filed")
    assert view.value("title") == "Exit blocked"
    assert lines(view)[0] == "Exit blocked\nBeing edited above"
    assert filed(bot) == ["Exit locked"]
    assert stored(bot) == []
