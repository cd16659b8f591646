"""`constat try` as a place: its port, its end, its reach, and a page that outlives it."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, expect

from sandbox.page.opened import opened
from sandbox.process import free_port
from sandbox.slack.seed import ANNONCES, GENERAL
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, Place

pytestmark = in_chromium
TRY = (sys.executable, "-m", "bot", "try")


@asynccontextmanager
async def trying(folder: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *TRY, *options, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def said(process: asyncio.subprocess.Process, words: str) -> str:
    """The line of its output that says that."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        async for line in process.stdout:
            if words in line.decode():
                return line.decode()
    raise AssertionError(f"it never said {words!r}")


async def test_try_opens_a_page_on_loopback_and_ends_when_told(
    browser: Browser, tmp_path: Path
) -> None:
    async with trying(tmp_path, "--page", "--no-tour", "--port", str(free_port())) as process:
        line = await said(process, "Your Slack is open")
        page = await browser.new_page()
        await page.goto(line.split()[-1])
        await expect(page.locator("#talk h1")).to_have_text("#annonces")
        await page.close()
        process.terminate()

        assert (await process.wait(), "http://127.0.0.1:" in line) == (0, True)


async def test_a_taken_port_that_was_asked_for_is_refused(browser: Browser, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with trying(tmp_path, "--page", "--port", port) as process:
            _, complaint = await process.communicate()

    assert (process.returncode, b"cannot be opened there" in complaint) == (1, True)


async def test_a_taken_port_that_was_not_asked_for_gives_way(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with opened(tmp_path / "constat.db", port, explicit=False) as place:
            assert place.url != f"http://127.0.0.1:{port}"


async def test_a_page_says_that_the_place_is_gone_and_that_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    async with opened(tmp_path / "one.db", port) as first:
        place = Place(first, browser)
        bob = await place.window()
    await expect(bob.page.locator(".when-lost")).to_be_visible(timeout=SECONDS)
    async with opened(tmp_path / "two.db", port):
        await expect(bob.page.locator(".when-found")).to_be_visible(timeout=SECONDS)
        await bob.command(f"/report-issue other {ID} in the new place")
        await bob.close()


async def test_nothing_comes_from_another_server(place: Place) -> None:
    bob = await place.window(panel="wire")
    asked: list[str] = []
    bob.page.on("request", lambda one: asked.append(one.url))
    await bob.page.reload()
    await bob.command("/anomaly")

    assert [one for one in asked if not one.startswith((place.opened.url, "data:"))] == []


async def test_a_telephone_shows_one_thing_at_a_time(place: Place) -> None:
    bob = await place.window(width=390)
    await bob.page.get_by_role("link", name="Menu").click()
    await bob.page.locator("#rail .line", has_text="annonces").click()
    await bob.command(f"/report-issue other {ID} on the way")
    await bob.sent()
    await bob.open_thread()
    await bob.receipt()

    shown = [name for name in ("rail", "talk", "side") if await bob.page.is_visible(f"#{name}")]
    width = await bob.page.evaluate("document.documentElement.scrollWidth")
    assert (shown, width) == (["side"], 390)


CLICK = """async ([selector, shows]) => {
    const since = performance.now()
    const seen = new Promise(tell => new MutationObserver((_, watch) => {
        if (document.querySelector(shows)) { watch.disconnect(); tell(performance.now() - since) }
    }).observe(document.body, {subtree: true, childList: true, attributes: true}))
    document.querySelector(selector).click()
    return await seen
}"""


async def test_a_click_is_answered_in_a_tenth_of_a_second(place: Place) -> None:
    """In the browser's own time, from a click to what it shows. The best of some clicks, because
    the machine that runs the tests has other things to do.
    """
    bob = await place.window()
    took = []
    for number in range(12):
        name = (GENERAL, ANNONCES)[number % 2]
        link = f"#rail a[href*='in={name}']"
        took.append(await bob.page.evaluate(CLICK, [link, f"{link}[aria-current]"]))

    assert min(took) < 100


async def test_the_way_back_leads_back(place: Place) -> None:
    bob = await place.window()
    await bob.page.locator("#rail .line", has_text="general").click()
    await expect(bob.page.locator("#talk h1")).to_have_text("#general", timeout=SECONDS)
    there = bob.page.url
    await bob.page.go_back()

    await expect(bob.page.locator("#talk h1")).to_have_text("#annonces", timeout=SECONDS)
    assert "in=C0GENERAL1" in there
