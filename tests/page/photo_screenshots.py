"""`make screenshots`: the pictures of photos, of an unfolded link and of a Home, in both languages
and both widths.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from playwright.async_api import Browser, Locator, expect

from sandbox.catalogue import Catalogue
from sandbox.page.launcher import run_page
from sandbox.sample_photo import sample_photo
from sandbox.slack import Person
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from tests.page.receipt_screenshots import (
    BELOW,
    SEEN,
    TALLEST,
    TITLES,
    WIDTHS,
    Scene,
    one_listing,
    refused,
    unknown,
)
from tests.page.window import SECONDS, OpenSandbox, Window

PHOTOS_ON = "photos = true\n"
NAMES = {
    "en": ("exit.png", "pallets.png", "corridor.png", "blurred.jpg"),
    "fr": ("issue.png", "palettes.png", "couloir.png", "floue.jpg"),
}
DAMAGED = b"\xff\xd8\xff" + b"no picture" * 50
"""A file that begins as a JPEG, and is none."""
QUESTION = {"en": "Who knows this one? {}", "fr": "Qui connaît ce bien ? {}"}


class Take(Protocol):
    def __call__(self, window: Window, name: str, *, alone: bool = False) -> Awaitable[None]:
        """Take a picture of the window, or of its form alone."""


async def three_of_four(scene: Scene) -> None:
    """A report with four photos, of which one cannot be opened."""
    contents = (sample_photo(), sample_photo(), sample_photo(), DAMAGED)
    photos = list(zip(NAMES[scene.language], contents, strict=True))
    await scene.report_findings(1, photos=photos)
    await scene.photos_sent()


async def doubtful(scene: Scene) -> None:
    """A report with photos whose anomaly KARE has twice."""
    kare = scene.sandbox.kare
    kare.faults.next(1, "slow_after")
    await scene.report_findings(1, photos=[(NAMES[scene.language][0], sample_photo())])
    async with asyncio.timeout(SECONDS / 1000):
        while not kare.anomalies:
            await asyncio.sleep(0.05)
    kare.anomalies += [replace(saved, id=saved.id + 50) for saved in kare.anomalies]
    await scene.photos_sent()


async def some_reports(scene: Scene) -> None:
    """Reports of one person, of which two need them."""
    await one_listing(scene)
    await scene.report_findings(2)
    for play in (refused, unknown):
        await play(scene)
        await scene.settled()


async def a_link(scene: Scene) -> None:
    text = QUESTION[scene.language].format(Catalogue.sample_link)
    await scene.person.post(text, channel=ANNONCES)


async def show_form(window: Window, language: str) -> None:
    """Fill the form for findings, and add two photos."""
    await window.command(f"/anomaly {Catalogue.sample_report} {TITLES[language][0]}")
    await window.fill("technicalInstallationId", str(Catalogue.sample_installation))
    await window.choice("0").check()
    await window.field("description").fill(SEEN[language])
    files: Any = [
        {"name": name, "mimeType": "image/png", "buffer": sample_photo()}
        for name in NAMES[language][:2]
    ]
    await window.modal.locator("input[type=file]").set_input_files(files)
    last = window.modal.locator(f"img[alt='{NAMES[language][1]}']")
    await expect(last).to_be_visible(timeout=SECONDS)
    await asyncio.sleep(1.5)  # the form is drawn again once nothing more is typed


async def show_thread(window: Window, language: str) -> None:
    del language
    await window.open_thread()
    await fit(window, window.thread.locator("article").last)


async def show_choice(window: Window, language: str) -> None:
    await show_thread(window, language)
    name = {"en": "Choose the anomaly", "fr": "Choisir l’anomalie"}[language]
    await window.thread.get_by_role("button", name=name).click()
    await expect(window.modal).to_be_visible(timeout=SECONDS)


async def show_link(window: Window, language: str) -> None:
    del language
    await expect(window.conversation.locator(".attachment").last).to_be_visible(timeout=SECONDS)
    await fit(window, window.conversation.locator("article").last)


async def show_home(window: Window, language: str) -> None:
    del language
    await window.page.locator(".tabs a").first.click()
    blocks = window.conversation.locator(".home")
    await expect(blocks.locator("button").nth(5)).to_be_visible(timeout=SECONDS)
    await fit(window, blocks.locator("> *").last)


async def fit(window: Window, last: Locator) -> None:
    """Make the window as high as what is shown."""
    page = window.page
    size = page.viewport_size
    if size is None:
        raise RuntimeError("the window has no size")
    await page.set_viewport_size({"width": size["width"], "height": TALLEST})
    await expect(last).to_be_visible(timeout=SECONDS)
    box = await last.bounding_box()
    if box is None:
        raise RuntimeError("what the picture shows is not on screen")
    height = round(box["y"] + box["height"]) + BELOW
    await page.set_viewport_size({"width": size["width"], "height": height})


async def nothing(scene: Scene) -> None:
    del scene


@dataclass(frozen=True)
class Picture:
    name: str
    channel: str
    """Empty for the direct messages with the bot."""
    play: Callable[[Scene], Awaitable[None]]
    show: Callable[[Window, str], Awaitable[None]]
    is_form: bool = False


PICTURES = (
    Picture("form-photos", SECURITE, nothing, show_form, is_form=True),
    Picture("receipt-photos", SECURITE, three_of_four, show_thread),
    Picture("form-choose-anomaly", SECURITE, doubtful, show_choice, is_form=True),
    Picture("link", ANNONCES, a_link, show_link),
    Picture("home", "", some_reports, show_home),
)


async def take_photos(
    browser: Browser, folder: Path, take: Take, *, only: Collection[str] = ()
) -> None:
    """Take every picture of this file.

    :param folder: for the databases
    :param only: the names of the pictures to take; all of them when it is empty
    """
    config = folder / "photos.toml"
    config.write_text(PHOTOS_ON)
    for language, user in (("en", BOB), ("fr", ALICE)):
        settings = {"CONSTAT_LANGUAGE": language, "CONSTAT_CONFIG": str(config)}
        for picture in PICTURES:
            if only and picture.name not in only:
                continue
            # An open form stays open on each screen of its person, so it is filled only once.
            scenes = [[size] for size in WIDTHS] if picture.is_form else [list(WIDTHS)]
            for sizes in scenes:
                db = folder / f"{picture.name}-{language}-{sizes[0]}.db"
                async with run_page(db, settings=settings) as running:
                    person = Person(running.state.sandbox.slack, user, running.state.link)
                    scene = Scene(running.state.sandbox, person, language, db)
                    await _take(OpenSandbox(running, browser), picture, scene, sizes, take)


async def _take(
    sandbox: OpenSandbox, picture: Picture, scene: Scene, sizes: Sequence[str], take: Take
) -> None:
    """Play the scene of a picture, and take it at each size."""
    await sandbox.lists_of_kare()
    await asyncio.sleep(1)  # the bot reads what it has stored
    await picture.play(scene)
    user = scene.person.user.id
    channel = picture.channel or scene.sandbox.slack.workspace.dm_with_bot(user).id
    for size in sizes:
        window = await sandbox.window(user, channel, width=WIDTHS[size])
        await picture.show(window, scene.language)
        await take(window, f"{picture.name}-{size}-{scene.language}", alone=picture.is_form)
        await window.close()
