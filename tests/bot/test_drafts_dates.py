"""A draft whose due dates have passed: its form says so, and they can be corrected."""

from pathlib import Path

import pytest

from bot.clock import Clock
from sandbox.slack.seed import ALICE, BOB, SECURITE
from tests.bot.anomalies import (
    ADD,
    REMOVE,
    add,
    gather_in_storage,
    lines,
    opened,
    press_edit,
    show_list,
)
from tests.world import world

DAY = 86_400


class MovableClock(Clock):
    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


@pytest.mark.parametrize("count", [1, 3, 46, 49, 120])
async def test_a_form_whose_dates_have_passed_says_so_and_can_be_corrected(
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
        errors = {block["text"]["text"] for block in view.blocks if block.get("level") == "error"}
        marked = [text for text in lines(view) if "date in the past" in text]
        for number in range(1, count + 1)[:3]:
            await press_edit(bob, number)
            await bob.until(lambda view: REMOVE in view.buttons)
            await bob.pick_date("dueAt", int(clock.time()) + DAY)
            await bob.click(ADD)
            await bob.until(lambda view: REMOVE not in view.buttons)
            await show_list(bob)
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
        assert "La date limite de «\u00a0Issue bloquée\u00a0» est maintenant passée" in text
