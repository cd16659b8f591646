"""A browser window on the sandbox's page: what a person does in it, and waits to see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from sandbox.page.opened import Opened, opened
from sandbox.slack.seed import ANNONCES, BOB

SECONDS = 20_000
"""In milliseconds: how long anything may take to show on a busy machine."""
FILED = "Filed with"
ID = "5f0c2d1e-8a4b-1c3d-9e2f-0000000000a1"
OTHER_ID = "5f0c2d1e-8a4b-4c3d-9e2f-0000000000a2"


@dataclass
class Window:
    page: Page
    context: BrowserContext
    field_errors: list[str]
    """What the browser's console complained about."""

    @property
    def modal(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def thread(self) -> Locator:
        return self.page.locator("#side")

    @property
    def talk(self) -> Locator:
        return self.page.locator("#talk")

    async def write(self, text: str, *, where: str = "#talk") -> None:
        """In the message box, with Enter at the end."""
        box = self.page.locator(f"{where} .box textarea")
        await box.fill(text)
        await box.press("Enter")

    async def command(self, text: str) -> None:
        """Types a command, and waits for its form."""
        await self.write(text)
        await expect(self.modal).to_be_visible(timeout=SECONDS)

    async def shortcut(self, name: str, *, of: str) -> None:
        """From the menu of the message that says `of`."""
        message = self.talk.locator("article", has_text=of).first
        await message.hover()
        await message.get_by_role("button", name="More actions").click()
        await message.get_by_role("menuitem", name=name).click()
        await expect(self.modal).to_be_visible(timeout=SECONDS)

    def field(self, name: str) -> Locator:
        """The input block of a field, whatever its number: `name` or `name#2`."""
        block = self.modal.locator(f"[data-block={name!r}], [data-block^='{name}#']")
        return block.locator("textarea, select, input:not([type=radio], [type=checkbox])").first

    def choice(self, value: str) -> Locator:
        """A radio button or a checkbox, by the value of its option; the first that has it."""
        return self.modal.locator(f"input[value={value!r}]").first

    async def fill(self, name: str, text: str) -> None:
        """Types in a field, or chooses in it what has that text or that value."""
        field = self.field(name)
        await expect(field).to_be_visible(timeout=SECONDS)
        if await field.evaluate("one => one.tagName") == "SELECT":
            await field.select_option(text)
            return
        await field.fill(text)
        if await field.get_attribute("type") == "search":
            found = self.modal.get_by_role("option").filter(has_text=text)
            await found.first.click(timeout=SECONDS)
            await expect(self.modal.locator(".chip", has_text=text)).to_be_visible(timeout=SECONDS)

    async def send(self) -> None:
        await self.modal.locator("button.submit").click()

    async def sent(self) -> None:
        """Sends the form, which is taken."""
        await self.send()
        await expect(self.modal).to_have_count(0, timeout=SECONDS)

    async def open_thread(self) -> None:
        """The newest one of the conversation."""
        await self.talk.locator(".replies").last.click()
        await expect(self.thread.locator("article").first).to_be_visible()

    async def receipt(self, says: str = FILED) -> str:
        """The last message of the thread, once it says that."""
        last = self.thread.locator("article").last
        await expect(last).to_contain_text(says, timeout=SECONDS)
        return await last.inner_text()

    async def close(self) -> None:
        await self.context.close()


@dataclass
class Place:
    """The sandbox, the bot, and a browser."""

    opened: Opened
    browser: Browser
    windows: list[Window] = field(default_factory=list)

    @property
    def desk(self) -> Any:
        return self.opened.desk

    async def window(
        self, user: str = BOB, channel: str = ANNONCES, *, panel: str = "", width: int = 1280
    ) -> Window:
        """A browser of its own: nothing is shared with the others but the place."""
        context = await self.browser.new_context(viewport={"width": width, "height": 800})
        page = await context.new_page()
        window = Window(page, context, [])
        page.on(
            "console",
            lambda one: window.field_errors.append(one.text) if one.type == "error" else None,
        )
        page.on("pageerror", lambda one: window.field_errors.append(str(one)))
        await page.goto(f"{self.opened.url}/?as={user}&in={channel}&panel={panel}")
        await page.locator("#live[data-met]").wait_for(state="attached")
        self.windows.append(window)
        return window

    async def switch(self, party: str, kind: str) -> None:
        """As the panel's switches do."""
        await self.desk.switches.turn(party, kind)


@asynccontextmanager
async def place_with(browser: Browser, db: Path) -> AsyncIterator[Place]:
    async with opened(db) as made:
        place = Place(made, browser)
        try:
            yield place
        finally:
            for window in place.windows:
                await window.close()
