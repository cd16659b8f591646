"""A browser window on the page of `constat try`: a person's actions in it, and what they see."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from sandbox.page.app_state import AppState
from sandbox.page.launcher import RunningPage, run_page
from sandbox.slack import Message
from sandbox.slack.form import completed
from sandbox.slack.seed import ANNONCES, BOB
from storage.database import open_for_reading
from tests.forked import bot_process
from tests.sandbox_slack.factories import modal
from tests.world import stock

SECONDS = 60_000
"""The longest wait for anything on a busy machine, in milliseconds."""
CLICKED_AGAIN_AFTER = 10_000
"""Milliseconds without an effect, after which a person clicks again."""
expect.set_options(timeout=SECONDS)
FILED = "Filed with"
ID = "5f0c2d1e-8a4b-1c3d-9e2f-0000000000a1"
OTHER_ID = "5f0c2d1e-8a4b-4c3d-9e2f-0000000000a2"


@dataclass
class Window:
    """`errors` are the errors in the browser's console."""

    page: Page
    context: BrowserContext
    errors: list[str]

    @property
    def modal(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def thread(self) -> Locator:
        return self.page.locator("#thread")

    @property
    def conversation(self) -> Locator:
        return self.page.locator("#conversation")

    async def write(self, text: str, *, where: str = "#conversation") -> None:
        """Type in the message box and press Enter."""
        box = self.page.locator(f"{where} .box textarea")
        await box.fill(text)
        await box.press("Enter")

    async def command(self, text: str) -> None:
        """Type a command, and wait for its form."""
        await self.write(text)
        await expect(self.modal).to_be_visible(timeout=SECONDS)

    async def shortcut(self, name: str, *, of: str) -> None:
        """Use a shortcut of the message that contains `of`, and wait for its form."""
        message = self.conversation.locator("article", has_text=of).first
        await message.hover()
        await message.get_by_role("button", name="More actions").click()
        await message.get_by_role("menuitem", name=name).click()
        await expect(self.modal).to_be_visible(timeout=SECONDS)

    def field(self, name: str) -> Locator:
        """The control of a field, whose block may be numbered: `name` or `name#2`."""
        controls = "textarea, select, input:not([type=radio], [type=checkbox])"
        return self._block(name).locator(controls).first

    def _block(self, name: str) -> Locator:
        return self.modal.locator(f"[data-block={name!r}], [data-block^='{name}#']")

    def choice(self, value: str) -> Locator:
        """The first radio button or checkbox with this value."""
        return self.modal.locator(f"input[value={value!r}]").first

    def picker(self, name: str) -> Locator:
        """The picker of a field, with its box and its list."""
        return self._block(name).locator(".picker").first

    async def fill(self, name: str, text: str) -> None:
        """Type in a field, or search in a picker and choose the option that has this text."""
        control = self.field(name)
        await expect(control).to_be_visible(timeout=SECONDS)
        await control.fill(text)
        if await control.get_attribute("role") == "combobox":
            picker = self.picker(name)
            await picker.get_by_role("option").filter(has_text=text).first.click(timeout=SECONDS)
            # A single select has its choice in the box, a multi select as a chip.
            shown = picker.locator(".chip").or_(picker.locator("input[value]:not([value=''])"))
            await expect(shown.first).to_be_visible(timeout=SECONDS)

    async def send(self) -> None:
        await self.modal.locator("button.submit").click()

    async def send_and_close(self) -> None:
        """Send the form, and wait until it closes."""
        await self.send()
        await expect(self.modal).to_have_count(0, timeout=SECONDS)

    async def open_thread(self) -> None:
        """Open the newest thread of the conversation."""
        shown, link = self.thread.locator("article").first, self.conversation.locator(".replies")
        await link.last.click()
        with suppress(PlaywrightTimeoutError):
            await shown.wait_for(timeout=CLICKED_AGAIN_AFTER)
            return
        # The click fell into a redraw of the message. A person clicks again.
        await link.last.click()
        await expect(shown).to_be_visible(timeout=SECONDS)

    async def receipt(self, says: str = FILED) -> str:
        """Wait until the last message of the thread contains `says`, and give its text."""
        last = self.thread.locator("article").last
        await expect(last).to_contain_text(says, timeout=SECONDS)
        return await last.inner_text()

    async def close(self) -> None:
        await self.context.close()


@dataclass
class OpenSandbox:
    """The sandbox with its page, the bot, and a browser."""

    running: RunningPage
    browser: Browser
    windows: list[Window] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def state(self) -> AppState:
        return self.running.state

    async def window(
        self, user: str = BOB, channel: str = ANNONCES, *, panel: str = "", width: int = 1280
    ) -> Window:
        """A window with cookies and storage of its own."""
        context = await self.browser.new_context(viewport={"width": width, "height": 800})
        page = await context.new_page()
        window = Window(page, context, [])
        page.on(
            "console",
            lambda entry: window.errors.append(entry.text) if entry.type == "error" else None,
        )
        page.on("pageerror", lambda error: window.errors.append(str(error)))
        await page.goto(f"{self.url}/?as={user}&in={channel}&panel={panel}")
        await page.locator("#live[data-met]").wait_for(state="attached")
        self.windows.append(window)
        return window

    def open_form(self, *blocks: dict[str, Any], user: str = BOB) -> None:
        """Open a form on a person's screen, as `views.open` does."""
        self.state.sandbox.slack.views.open(user, modal(*blocks))
        self.state.changes.notify()

    def post(self, channel: str, text: str, *blocks: dict[str, Any], thread: str = "") -> Message:
        """Post a message of the bot, as `chat.postMessage` does."""
        content = {"text": text, "blocks": completed(list(blocks))}
        workspace = self.state.sandbox.slack.workspace
        message = workspace.post(channel, content, thread_ts=thread or None)
        self.state.changes.notify()
        return message

    async def lists_of_kare(self) -> None:
        """Wait until the bot has sites, installations and reports."""
        async with asyncio.timeout(SECONDS / 1000):
            while _count_lists(self.state.supervisor.db) < 3:
                await asyncio.sleep(0.05)

    async def switch(self, party: str, kind: str) -> None:
        """Switch a fault on, as the panel does."""
        await self.state.switches.switch(party, kind)


def _count_lists(db: Path) -> int:
    with closing(open_for_reading(db)) as file:
        return int(file.execute("select count(*) from catalogue").fetchone()[0])


@asynccontextmanager
async def open_sandbox(
    browser: Browser,
    db: Path,
    *,
    with_bot: bool = True,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[OpenSandbox]:
    """A sandbox whose bot has KARE's lists from the start."""
    if with_bot:
        await stock(db.parent, db.name)
    async with run_page(db, with_bot=with_bot, settings=settings, start_bot=bot_process) as running:
        sandbox = OpenSandbox(running, browser)
        try:
            yield sandbox
        finally:
            for window in sandbox.windows:
                await window.close()
