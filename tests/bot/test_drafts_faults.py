"""A draft when something fails: no anomaly is lost, replaced by another, or added twice."""

import asyncio
import copy
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.clock import Clock
from sandbox.slack import Person, ViewOnScreen, payloads
from sandbox.slack.faults import SlackFault
from sandbox.slack.modal_driver import button_action
from sandbox.slack.seed import ALICE, BOB, SECURITE
from storage import drafts
from storage.drafts import Draft
from tests.bot.anomalies import (
    ADD,
    add,
    calls,
    edit,
    filed,
    fill,
    lines,
    opened,
    remove,
    stored,
    titles,
)
from tests.world import World, world

DAY = 86_400


def press_of_add(bot: World, person: Person) -> dict[str, Any]:
    """The payload of a press of the button that adds an anomaly."""
    view = person._top_view()
    action = button_action(person._field(ADD, None))
    return payloads.view_action(bot.slack, person.user, view, action)


async def deliver(bot: World, payload: Mapping[str, Any]) -> None:
    await bot.link.deliver("interactive", copy.deepcopy(dict(payload)), 3.0)


def is_stored(bot: World, title: str) -> bool:
    return title in [stored_title for _, stored_title in stored(bot)]


async def gather_in_storage(bot: World, count: int, **values: Any) -> None:
    """Add anomalies to the open form's draft in the database."""
    row = bot.rows("select * from drafts")[0]
    draft = Draft(row["key"], row["who"], row["channel"], None, {}, row["changed_at"])
    body = {"risk": 0, "technicalInstallationId": 7, "siteId": 31, "description": "d" * 2500}
    for number in range(count):
        anomaly = {**body, "title": f"{number} {'<&>' * 80}", **values}
        await bot.runtime.services.store.write(
            drafts.add, draft, anomaly, fields_version=10_000 + number, limit=1000
        )


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
    await opened(bob)
    await add(bob, "Exit blocked")
    await edit(bob, 1)
    await bob.until(lambda view: view.value("title") == "Exit blocked")
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
        view = await bob.until(lambda view: len(titles(view)) == 2)
        assert titles(view) == ["First", "Second"]


async def test_add_pressed_twice_adds_once(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    await asyncio.gather(bob.click(ADD), bob.click(ADD))
    view = await bob.until(
        lambda view: titles(view) == ["Exit blocked"] and not view.value("title")
    )
    await bob.submit()
    await bot.state(1, "filed")
    assert titles(view) == ["Exit blocked"]
    assert filed(bot) == ["Exit blocked"]


async def test_a_press_that_slack_delivers_again_adds_once(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    press = press_of_add(bot, bob)
    await asyncio.gather(deliver(bot, press), deliver(bot, press))
    await bob.until(lambda view: titles(view) == ["Exit blocked"])
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
    await bob.until(lambda view: titles(view) == ["Exit blocked"])
    await remove(bob, 1)
    await bob.until(lambda view: not titles(view))
    await deliver(bot, press)
    await add(bob, "Lamp out")
    assert [title for _, title in stored(bot)] == ["Lamp out"]


async def test_two_anomalies_that_are_the_same_on_purpose_are_both_filed(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Extinguisher missing")
    await add(bob, "Extinguisher missing")
    await fill(bob, "Extinguisher missing")
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Extinguisher missing"] * 3


@pytest.mark.parametrize("press", ["add", "edit", "remove"])
async def test_a_draft_that_cannot_be_stored_says_so_and_loses_nothing(
    bot: World, bob: Person, press: str
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    for event in ("insert", "update", "delete"):
        sql = (
            f"create trigger full_{event} before {event} on draft_anomalies"
            " begin select raise(abort, 'full'); end"
        )
        await bot.runtime.services.store.write(Database.execute, sql)
    presses = {"add": bob.click(ADD), "edit": edit(bob, 1), "remove": remove(bob, 1)}
    chosen = presses.pop(press)
    for other in presses.values():
        other.close()
    await chosen
    view = await bob.until(lambda view: "could not be saved" in view.text())
    assert titles(view) == ["Exit blocked"]
    assert view.value("title") == "Lamp out"


async def test_fifty_anomalies_fit_and_a_51st_is_refused(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "the first")
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


def held(view: ViewOnScreen) -> list[str]:
    """The block_ids of the anomalies that are marked as the one in the fields."""
    return [
        block["block_id"] for block in view.blocks if "Being edited above" in str(block.get("text"))
    ]


def holds(number: int, view: ViewOnScreen) -> bool:
    return held(view) == [f"anomaly.{number}"]


class MovableClock(Clock):
    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


@pytest.mark.parametrize("count", [1, 3, 46, 49, 120])
async def test_a_form_whose_dates_have_passed_says_so_once_and_can_be_corrected(
    tmp_path: Path, count: int
) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock=clock) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await add(bob, "First", risk="3")
        past = "2025-01-01T10:00:00.000Z"
        location = {"floor": "2"}
        await gather_in_storage(bot, count - 1, risk=3, dueAt=past, location=location)
        clock.ahead = 2 * DAY
        outcome = await bob.submit()
        view = await bob.view()
        errors = [block for block in view.blocks if block.get("level") == "error"]
        marked = [text for text in lines(view) if "date in the past" in text]
        for number in range(1, count + 1)[:3]:
            await edit(bob, number)
            await bob.until(partial(holds, number))
            await bob.pick_date("dueAt", int(clock.time()) + DAY)
            await bob.click(ADD)
            await bob.until(lambda view: held(view) == [])
        after = await bob.view()
        assert outcome.kind == "updated"
        assert len(errors) == 1
        assert len(marked) == min(count, 50)
        assert len(view.blocks) <= 100
        assert len([text for text in lines(after) if "date in the past" in text]) == max(
            min(count, 50) - 3, 0
        )


async def test_a_passed_date_is_named_with_its_title_in_the_persons_language(
    tmp_path: Path,
) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock=clock) as bot:
        alice = bot.person(ALICE)
        await opened(alice, channel=SECURITE)
        await alice.until(lambda view: view.title == "Signaler une anomalie")
        await add(alice, "Issue bloquée", risk="3")
        clock.ahead = 2 * DAY
        await alice.submit()
        text = (await alice.view()).text()
        assert "L’échéance de “Issue bloquée” est maintenant passée" in text
