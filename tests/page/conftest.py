"""One Chromium for all tests of a process, and a place of its own for each."""

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

    from tests.page.window import Place

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
    """Its path; a test that cannot have it is skipped, or fails where it must not be skipped."""
    missing = [one for one in NEEDED if find_spec(one) is None]
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path and not missing:
        return path
    why = f"no {', '.join(missing)}" if missing else "no Chromium: apt-get install chromium"
    if os.environ.get("CONSTAT_BROWSER") == "required":
        pytest.fail(f"CONSTAT_BROWSER=required, but {why}")
    pytest.skip(why)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator["Browser"]:
    path = chromium()
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def place(browser: Any, tmp_path: Path) -> AsyncIterator["Place"]:
    """A sandbox with its page, a real bot process, and windows to open on it."""
    from tests.page.window import place_with

    async with place_with(browser, tmp_path / "constat.db") as made:
        yield made
