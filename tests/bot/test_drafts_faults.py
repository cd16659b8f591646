"""A draft when something fails: no anomaly is lost, replaced by another, or added twice."""

import asyncio
import copy
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sandbox.slack import Person, payloads
from sandbox.slack.faults import SlackFault
from sandbox.slack.modal_driver import button_action
from sandbox.slack.seed import BOB
from tests.bot.anomalies import (
    ADD,
    LIST,
    add,
    calls,
    edit,
    filed,
    fill,
    gather_in_storage,
    open_with,
    opened,
    press_edit,
    remove,
    show_list,
    stored,
    titles,
)
from tests.engines import run
from tests.world import World, world


def press_of_add(bot: World, person: Person) -> dict[str, Any]:
    """The payload of a press of the button that adds an anomaly."""
    view = person._top_view()
    action = button_action(person._field(ADD, None))
    return payloads.view_action(bot.slack, person.user, view, action)


async def deliver(bot: World, payload: Mapping[str, Any]) -> None:
    await bot.link.deliver("interactive", copy.deepcopy(dict(payload)), 3.0)


def is_stored(bot: World, title: str) -> bool:
    return title in [stored_title for _, stored_title in stored(bot)]


@pytest.mark.parametrize(
    "fault", [SlackFault("error"), SlackFault("error", error="invalid_blocks")]
)
async def test_anomalies_added_while_no_form_could_be_redrawn_are_all_filed(
    bot: World, bob: Person, fault: SlackFault
) -> None:
    """What is typed over the first anomaly, which is still on screen, does not replace it."""
    await opened(bob)
    bot.slack.faults.set("views.update", fault)
    for title in ("First", "Second", "Third"):
        await fill(bob, title)
        await bob.click(ADD)
        await bot.until(partial(is_stored, bot, title))
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["First", "Second", "Third"]


async def test_what_is_typed_over_an_added_anomaly_is_sent_beside_it(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await fill(bob, "First")
    bot.slack.faults.set("views.update", SlackFault("error"))
    await bob.click(ADD)
    await bot.until(lambda: stored(bot))
    await fill(bob, "Second")
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["First", "Second"]


async def test_a_form_sent_before_an_added_anomaly_left_its_fields_sends_it_once(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    bot.slack.faults.set("views.update", SlackFault("error"))
    await bob.click(ADD)
    await bot.until(lambda: stored(bot))
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Exit blocked"]
    assert stored(bot) == []


async def test_an_anomaly_typed_over_a_saved_edit_does_not_replace_it(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await edit(bob, 1, "Exit blocked")
    bot.slack.faults.set("views.update", SlackFault("error"))
    await bob.type("title", "Exit locked")
    await bob.click(ADD)
    await bot.until(lambda: stored(bot) == [(1, "Exit locked")])
    await fill(bob, "Lamp out")
    await bob.click(ADD)
    await bot.until(lambda: stored(bot) == [(1, "Exit locked"), (2, "Lamp out")])
    await fill(bob, "Cable bare")
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Exit locked", "Lamp out", "Cable bare"]


async def test_an_anomaly_added_before_a_restart_and_no_redraw_is_kept(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await fill(bob, "First")
        bot.slack.faults.set("views.update", SlackFault("error"))
        await bob.click(ADD)
        await bot.until(lambda: stored(bot))
        sandbox = bot.sandbox
    sandbox.slack.faults.clear()
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await fill(bob, "Second")
        await bob.click(ADD)
        await bob.until(lambda view: LIST in view.buttons)
        view = await show_list(bob)
        assert titles(view) == ["First", "Second"]


async def test_add_pressed_twice_adds_once(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    await asyncio.gather(bob.click(ADD), bob.click(ADD))
    await bob.until(lambda view: LIST in view.buttons and not view.value("title"))
    view = await show_list(bob)
    await bob.submit()
    await bot.state(1, "filed")
    assert titles(view) == ["Exit blocked"]
    assert filed(bot) == ["Exit blocked"]


async def test_a_press_that_slack_delivers_again_adds_once(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    press = press_of_add(bot, bob)
    await asyncio.gather(deliver(bot, press), deliver(bot, press))
    await bob.until(lambda view: LIST in view.buttons)
    await add(bob, "Lamp out")
    await deliver(bot, press)
    await add(bob, "Cable bare")
    assert [title for _, title in stored(bot)] == ["Exit blocked", "Lamp out", "Cable bare"]


async def test_a_press_that_is_delivered_again_does_not_bring_back_a_removed_anomaly(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    press = press_of_add(bot, bob)
    await deliver(bot, press)
    await bob.until(lambda view: LIST in view.buttons)
    await show_list(bob)
    await remove(bob, 1)
    await bob.until(lambda view: not titles(view))
    await deliver(bot, press)
    await add(bob, "Lamp out")
    assert [title for _, title in stored(bot)] == ["Lamp out"]


async def test_two_anomalies_that_are_the_same_on_purpose_are_both_filed(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Extinguisher missing", "Extinguisher missing")
    await fill(bob, "Extinguisher missing")
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Extinguisher missing"] * 3


@pytest.mark.parametrize("press", ["add", "edit", "remove"])
async def test_a_draft_that_cannot_be_stored_says_so_and_loses_nothing(
    bot: World, bob: Person, press: str
) -> None:
    await open_with(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    for event in ("insert", "update", "delete"):
        sql = (
            f"create trigger full_{event} before {event} on draft_anomalies"
            " begin select raise(abort, 'full'); end"
        )
        await bot.runtime.services.store.write(run, sql)
    presses = {"add": bob.click(ADD), "edit": press_edit(bob, 1), "remove": remove(bob, 1)}
    chosen = presses.pop(press)
    for other in presses.values():
        other.close()
    await chosen
    view = await bob.until(lambda view: "could not be saved" in view.text())
    assert titles(view) == ["Exit blocked"]
    assert view.value("title") == "Lamp out"


async def test_fifty_anomalies_fit_and_a_51st_is_refused(bot: World, bob: Person) -> None:
    await open_with(bob, "the first")
    await gather_in_storage(bot, 48)
    view = await add(bob, "the fiftieth")
    await fill(bob, "one too many")
    outcome = await bob.submit()
    await bob.type("title", "")
    await bob.type("description", "")
    await bob.submit()
    await bot.state(1, "filed")
    assert len(titles(view)) == 50
    assert ADD not in view.buttons
    assert list(outcome.errors.values()) == [
        "A report can hold 50 findings. Send these first, then start a new report for this one."
    ]
    assert len(filed(bot)) == 50
    assert calls(bot) == 1
