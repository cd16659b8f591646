"""`make screenshots`: takes the pictures of the documentation from the page."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright, expect

from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from tests.page.conftest import FLAGS
from tests.page.receipt_screenshots import take_receipts
from tests.page.window import ID, OTHER_ID, SECONDS, OpenSandbox, Window, open_sandbox

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LOOKS = "*, *::before { caret-color: transparent !important; animation: none !important; }"


async def take(window: Window, name: str, *, alone: bool = False) -> None:
    """A picture of the window, or of the whole form alone."""
    await window.page.add_style_tag(content=LOOKS)
    if alone:
        await window.page.set_viewport_size({"width": 800, "height": 1700})
        await window.page.add_style_tag(content="#modal { background: #fff !important; }")
    await asyncio.sleep(0.3)
    target = window.modal if alone else window.page
    await target.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    print(f"docs/pictures/{name}.png")


async def form(
    sandbox: OpenSandbox, command: str, name: str, *, choose: tuple[str, ...] = ()
) -> None:
    window = await sandbox.window(BOB, SECURITE if command.startswith("/anomaly") else ANNONCES)
    await window.command(command)
    for value in choose:
        await window.choice(value).check()
        await asyncio.sleep(0.5)
    await take(window, name, alone=True)
    await window.page.keyboard.press("Escape")
    await window.close()


async def errors(sandbox: OpenSandbox) -> None:
    window = await sandbox.window(BOB, ANNONCES)
    await window.command("/report-issue merge")
    await window.fill("propertyIds", f"{ID}\nnumber 12")
    await window.send()
    await expect(window.modal.locator(".error", has_text="number")).to_be_visible(timeout=SECONDS)
    await take(window, "form-with-errors", alone=True)
    await window.page.keyboard.press("Escape")
    await window.close()


async def filed(sandbox: OpenSandbox) -> None:
    window = await sandbox.window(BOB, ANNONCES)
    await window.shortcut("Report a data issue", of="has been wrong since Monday")
    await window.choice("data").check()
    await window.choice("price").check()
    field = window.field("propertyIds")
    if not await field.input_value():
        await field.fill(ID)
    await window.send_and_close()
    await window.open_thread()
    await window.receipt()
    await take(window, "thread")
    await window.page.goto(f"{window.page.url}&panel=requests")
    await window.page.set_viewport_size({"width": 1440, "height": 800})
    await window.page.locator("#panel details", has_text="POST /").first.click()
    await take(window, "other-side")
    await window.close()


async def telephone(sandbox: OpenSandbox) -> None:
    window = await sandbox.window(ALICE, ANNONCES, width=390)
    await window.command(f"/report-issue merge {ID} {OTHER_ID} c'est le même appartement")
    await expect(window.modal).to_contain_text("Signaler", timeout=SECONDS)
    await take(window, "telephone")
    await window.close()


async def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with tempfile.TemporaryDirectory() as folder:
            async with open_sandbox(browser, Path(folder) / "constat.db") as sandbox:
                await form(sandbox, f"/report-issue data {ID} two rooms, not three", "form-data")
                merge = f"/report-issue merge {ID} {OTHER_ID} the same flat"
                await form(sandbox, merge, "form-clustering")
                await form(sandbox, f"/report-issue other {ID} the page is empty", "form-other")
                await form(sandbox, "/anomaly 88001 Exit blocked", "form-anomaly", choose=("3",))
                await errors(sandbox)
                await filed(sandbox)
                await telephone(sandbox)
            await take_receipts(browser, Path(folder), take)
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
