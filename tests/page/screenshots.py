"""`make screenshots`: takes the pictures of the documentation from the page.

`python -m tests.page.screenshots NAME …` takes only those pictures.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from sandbox.catalogue import Catalogue
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from tests.page.conftest import FLAGS
from tests.page.photo_screenshots import take_photos
from tests.page.receipt_screenshots import SEEN, TALLEST, TITLES, WIDTHS, take_receipts
from tests.page.window import ID, OTHER_ID, SECONDS, OpenSandbox, Window, open_sandbox

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LOOKS = "*, *::before { caret-color: transparent !important; animation: none !important; }"
COLOURS = "64"
"""Colours of a picture, where pngquant is installed: the files stay small."""
FORM_WIDTH = 800
SCREEN: ViewportSize = {"width": 390, "height": 660}
SAVE = re.compile("^(Save and add another|Enregistrer, constat suivant)")
LINK = "https://www.seloger.com/annonces/achat/appartement/lyon-3eme-69/montchat/215478963.htm"
WRONG = {"en": "the price is last year's", "fr": "le prix est celui de l’an dernier"}
MERGE = {"en": "merge {} {} the same flat", "fr": "fusionner {} {} c’est le même appartement"}


async def take(window: Window, name: str, *, alone: bool = False) -> None:
    """A picture of the window, or of the whole form alone."""
    page, path = window.page, FOLDER / f"{name}.png"
    await page.add_style_tag(content=LOOKS)
    if alone:
        width = page.viewport_size["width"] if page.viewport_size else FORM_WIDTH
        await page.set_viewport_size({"width": min(width, FORM_WIDTH), "height": TALLEST})
        await page.add_style_tag(content="#modal { background: #fff !important; }")
        await _cut(window)
    await asyncio.sleep(0.3)
    await (window.modal if alone else page).screenshot(path=path, animations="disabled")
    if pngquant := shutil.which("pngquant"):
        options = ["--force", "--skip-if-larger", "--output", str(path), COLOURS, str(path)]
        await asyncio.to_thread(subprocess.run, [pngquant, *options], check=False)
    print(f"docs/pictures/{path.name}", flush=True)


async def _cut(window: Window) -> None:
    """On a telephone a form is as high as the screen: make the screen as high as the form."""
    unused = await window.modal.evaluate(
        "form => { const fields = form.querySelector('.fields'), last = fields.lastElementChild;"
        " return fields.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom; }"
    )
    size = window.page.viewport_size
    if size and unused > 40:
        height = round(size["height"] - unused + 24)
        await window.page.set_viewport_size({"width": size["width"], "height": height})


async def take_first_screen(window: Window, name: str) -> None:
    """What a telephone shows of a form at first, for the printed guides."""
    await window.page.set_viewport_size(SCREEN)
    await window.modal.locator(".fields").evaluate("fields => fields.scrollTop = 0")
    await take(window, name)


async def issue_form(window: Window, language: str) -> None:
    """The form for wrong data, filled in from a link."""
    await window.command(f"/report-issue {LINK} {WRONG[language]}")
    await expect(window.modal).to_contain_text("m²", timeout=SECONDS)


async def merge_form(window: Window, language: str) -> None:
    await window.command(f"/report-issue {MERGE[language].format(ID, OTHER_ID)}")
    await expect(window.modal).to_contain_text("m²", timeout=SECONDS)


async def finding_form(window: Window, language: str) -> None:
    """The form for findings, with the first finding of a visit."""
    title = TITLES[language][0]
    await window.command(f"/anomaly {Catalogue.sample_report} {title}")
    await window.fill("technicalInstallationId", str(Catalogue.sample_installation))
    await window.choice("3").check()
    await expect(window.field("location.floor")).to_be_visible(timeout=SECONDS)
    await window.field("description").fill(SEEN[language])
    await window.field("location.floor").fill("2")


async def next_finding_form(window: Window, language: str) -> None:
    """The form for findings once the first finding is saved."""
    await finding_form(window, language)
    await window.modal.get_by_role("button", name=SAVE).click()
    await expect(window.field("title")).to_have_value("", timeout=SECONDS)


FORMS = {
    "form-issue": (ANNONCES, issue_form),
    "form-merge": (ANNONCES, merge_form),
    "form-findings": (SECURITE, finding_form),
    "form-next-finding": (SECURITE, next_finding_form),
}


IN_GUIDES = frozenset({"form-issue", "form-findings"})
"""The forms whose first screen is in the printed guides."""


async def take_forms(browser: Browser, folder: Path, only: Collection[str]) -> None:
    """Every form in both languages and at both widths."""
    for name, (channel, fill) in FORMS.items():
        if only and name not in only:
            continue
        for language, user in (("en", BOB), ("fr", ALICE)):
            for size, width in WIDTHS.items():
                db = folder / f"{name}-{language}-{size}.db"
                async with open_sandbox(browser, db) as sandbox:
                    await sandbox.lists_of_kare()
                    await asyncio.sleep(1)  # the bot reads what it has stored
                    window = await sandbox.window(user, channel, width=width)
                    await fill(window, language)
                    await asyncio.sleep(1.5)  # the form is redrawn once nothing more is typed
                    await take(window, f"{name}-{size}-{language}", alone=True)
                    if size == "telephone" and name in IN_GUIDES:
                        await take_first_screen(window, f"{name}-screen-{language}")


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


async def main(only: Collection[str]) -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with tempfile.TemporaryDirectory() as folder:
            if not only or "thread" in only:
                async with open_sandbox(browser, Path(folder) / "constat.db") as sandbox:
                    await errors(sandbox)
                    await filed(sandbox)
            await take_receipts(browser, Path(folder), take, only=only)
            await take_forms(browser, Path(folder), only)
            await take_photos(browser, Path(folder), take, only=only)
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
