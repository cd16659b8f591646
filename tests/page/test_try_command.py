"""`constat try`: its port, its end, its page, and a page that stays open when it ends."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, expect

from sandbox.page.launcher import run_page
from sandbox.process import free_port
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, OpenSandbox

pytestmark = in_chromium
TRY = (sys.executable, "-m", "bot", "try")


@asynccontextmanager
async def run_try(folder: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *TRY, *options, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def line_with(process: asyncio.subprocess.Process, words: str) -> str:
    """The first line of the output that contains `words`."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        async for line in process.stdout:
            if words in line.decode():
                return line.decode()
    raise AssertionError(f"the output has no {words!r}")


async def test_try_opens_a_page_on_loopback_and_ends_when_told(
    browser: Browser, tmp_path: Path
) -> None:
    async with run_try(tmp_path, "--page", "--no-tour", "--port", str(free_port())) as process:
        await line_with(process, "Photos and links that unfold are on here.")
        line = await line_with(process, "Your Slack is open")
        page = await browser.new_page()
        await page.goto(line.split()[-1])
        await expect(page.locator("#conversation h1")).to_have_text("#annonces")
        await page.close()
        process.terminate()

        assert await process.wait() == 0
    assert "http://127.0.0.1:" in line


async def test_a_taken_port_that_was_asked_for_is_refused(browser: Browser, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with run_try(tmp_path, "--page", "--port", port) as process:
            _, errors = await process.communicate()

    assert process.returncode == 1
    assert b"cannot be opened there" in errors


async def test_a_taken_port_that_was_not_asked_for_gives_way(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with run_page(tmp_path / "constat.db", port, explicit=False) as page:
            assert page.url != f"http://127.0.0.1:{port}"


async def test_a_page_says_that_the_server_is_gone_and_that_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    async with run_page(tmp_path / "one.db", port) as first:
        sandbox = OpenSandbox(first, browser)
        bob = await sandbox.window()
    await expect(bob.page.locator(".when-lost")).to_be_visible(timeout=SECONDS)
    async with run_page(tmp_path / "two.db", port):
        # The line itself is hidden after four seconds, perhaps before the bot is ready.
        await expect(bob.page.locator("#live")).to_have_class("found", timeout=SECONDS)
        await bob.command(f"/report-issue other {ID} on the new server")
        await bob.close()


async def test_nothing_comes_from_another_server(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(panel="requests")
    urls: list[str] = []
    bob.page.on("request", lambda request: urls.append(request.url))
    await bob.page.reload()
    await bob.command("/anomaly")

    assert [url for url in urls if not url.startswith((sandbox.url, "data:"))] == []


async def test_a_telephone_shows_one_thing_at_a_time(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(width=390)
    await bob.page.get_by_role("link", name="Menu").click()
    await bob.page.locator("#sidebar .line", has_text="annonces").click()
    await bob.command(f"/report-issue other {ID} on the way")
    await bob.send_and_close()
    await bob.open_thread()
    await bob.receipt()

    columns = ("sidebar", "conversation", "thread")
    visible = [name for name in columns if await bob.page.is_visible(f"#{name}")]
    width = await bob.page.evaluate("document.documentElement.scrollWidth")
    assert (visible, width) == (["thread"], 390)


async def test_the_way_back_leads_back(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.page.locator("#sidebar .line", has_text="general").click()
    await expect(bob.page.locator("#conversation h1")).to_have_text("#general", timeout=SECONDS)
    there = bob.page.url
    await bob.page.go_back()

    await expect(bob.page.locator("#conversation h1")).to_have_text("#annonces", timeout=SECONDS)
    assert "in=C0GENERAL1" in there
