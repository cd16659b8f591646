"""/anomaly on a telephone: the findings of a visit cost few presses, and each begins at the top."""

import asyncio
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, expect

from sandbox.slack.seed import BOB, SECURITE
from storage.database import open_for_reading
from tests.page.conftest import in_chromium
from tests.page.window import SECONDS, OpenSandbox, Window

pytestmark = in_chromium

FINDINGS = 12
MOST_PRESSES = 5
"""For one finding, on average, with everything from the open form to the sent report."""
OF_EACH_INSTALLATION = 3
"""Findings in a row on the same installation."""


@dataclass
class Thumb:
    """Presses what is in reach, and counts. Going into a text field is a press, typing is none."""

    window: Window
    presses: int = 0

    async def press(self, target: Locator) -> None:
        await target.click(timeout=SECONDS)
        self.presses += 1

    async def type(self, name: str, text: str) -> None:
        """Go into a field, which is a press, and type."""
        await self.window.field(name).fill(text)
        self.presses += 1

    async def choose(self, name: str, position: int = 0, *, query: str) -> None:
        """Open a list, type in it, and press one of what it offers then."""
        await self.type(name, query)
        found = self.window.modal.get_by_role("option").filter(has_text=query)
        await self.press(found.nth(position))

    async def save(self, number: int) -> None:
        button = f"Save and add another ({number})"
        await self.press(self.window.modal.get_by_role("button", name=button, exact=True))
        await expect(self.window.modal.get_by_text(f"{number} finding")).not_to_have_count(
            0, timeout=SECONDS
        )
        await expect(self.window.field("title")).to_have_value("", timeout=SECONDS)


async def lists_fetched(path: Path) -> None:
    """Wait until the bot has KARE's three lists: a form that opens earlier asks for numbers."""
    async with asyncio.timeout(20):
        while fetched_lists(path) < 3:
            await asyncio.sleep(0.1)


def fetched_lists(path: Path) -> int:
    with closing(open_for_reading(path)) as db:
        return int(db.execute("select count(*) from catalogue").fetchone()[0])


async def first_field_is_below_the_title(window: Window) -> bool:
    """Whether the first field of the next finding is in view as a whole."""
    fields = await window.modal.locator(".fields").bounding_box()
    first = await window.modal.locator("[data-block^='technicalInstallationId']").bounding_box()
    assert fields is not None
    assert first is not None
    return first["y"] >= fields["y"]


async def test_twelve_findings_of_a_visit_take_five_presses_each_and_begin_at_the_top(
    sandbox: OpenSandbox, tmp_path: Path
) -> None:
    await lists_fetched(tmp_path / "constat.db")
    bob = await sandbox.window(BOB, SECURITE, width=390)
    await bob.command("/anomaly 88001")
    thumb, tops = Thumb(bob), []
    for number in range(1, FINDINGS + 1):
        for position in {(number - 1) // OF_EACH_INSTALLATION} - {(number - 2) // 3}:
            await thumb.choose("technicalInstallationId", position, query="3")
        await thumb.press(bob.choice(str(number % 2)))
        await thumb.type("title", f"Finding {number}")
        await thumb.type("description", "Since Monday")
        for last in {number} - {FINDINGS}:
            await thumb.save(last)
            tops.append(await first_field_is_below_the_title(bob))
    await thumb.press(bob.modal.locator("button.submit"))
    await expect(bob.modal).to_have_count(0, timeout=SECONDS)
    await bob.open_thread()
    await bob.receipt("Filed with KARE")
    titles = [anomaly.body["title"] for anomaly in sandbox.state.sandbox.kare.anomalies]
    assert titles == [f"Finding {number}" for number in range(1, FINDINGS + 1)]
    assert thumb.presses <= MOST_PRESSES * FINDINGS
    assert tops == [True] * (FINDINGS - 1)
