"""One Chromium for the tests of a process, and a sandbox with its page for each test."""

import os
import shutil
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.page.window import OpenSandbox

NEEDED = ("htpy", "yaml", "playwright")
FLAGS = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
in_chromium = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.slow,
]


def chromium() -> str:
    """The path of Chromium. Without it the test is skipped; CONSTAT_BROWSER=required fails it."""
    missing = [package for package in NEEDED if find_spec(package) is None]
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path and not missing:
        return path
    reason = f"no {', '.join(missing)}" if missing else "no Chromium: apt-get install chromium"
    if os.environ.get("CONSTAT_BROWSER") == "required":
        pytest.fail(f"CONSTAT_BROWSER=required, but {reason}")
    pytest.skip(reason)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator["Browser"]:
    path = chromium()
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(browser: Any, tmp_path: Path) -> AsyncIterator["OpenSandbox"]:
    """A sandbox with its page, a real bot process, and windows to open on it."""
    from tests.page.window import open_sandbox

    async with open_sandbox(browser, tmp_path / "constat.db") as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def quiet_sandbox(browser: Any, tmp_path: Path) -> AsyncIterator["OpenSandbox"]:
    """A sandbox with its page and no bot, for what Slack's client does by itself."""
    from tests.page.window import open_sandbox

    async with open_sandbox(browser, tmp_path / "constat.db", with_bot=False) as sandbox:
        yield sandbox
