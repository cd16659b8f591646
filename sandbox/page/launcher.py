"""`constat try` with the page: a sandbox, a bot, the tour, and then the page for the user."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import optional_features
from sandbox.catalogue import Catalogue
from sandbox.page.app_state import AppState
from sandbox.page.sample_messages import post_samples
from sandbox.page.server import Page
from sandbox.process import BotStarter, bot_process, free_port
from sandbox.sandbox import Sandbox
from sandbox.slack.seed import ALICE, BOB
from sandbox.tour.scenario import Scenario
from sandbox.tour.script import list_reports, play

HOST = "127.0.0.1"
"""Loopback, so that nobody else can open the page."""


@dataclass(frozen=True)
class RunningPage:
    url: str
    state: AppState


@asynccontextmanager
async def run_page(
    db: Path,
    port: int = 0,
    *,
    explicit: bool = True,
    with_bot: bool = True,
    settings: Mapping[str, str] | None = None,
    start_bot: BotStarter = bot_process,
) -> AsyncIterator[RunningPage]:
    """A sandbox with its page, and a running bot whose database is `db`.

    :param explicit: whether only this port will do; otherwise any free port replaces a taken one
    :param with_bot: whether the bot is started
    :param settings: environment variables for the bot besides those of the sandbox
    :param start_bot: starts the bot's process
    :raises OSError: when the port is taken
    :raises RuntimeError: when the bot does not start
    """
    settings = {**optional_features.LINKS_ON, **(settings or {})}
    sandbox = Sandbox(catalogue=Catalogue(last_visit=time.time()))
    optional_features.allow(sandbox.slack.workspace)
    language = settings.get("CONSTAT_LANGUAGE", "en")
    post_samples(sandbox.slack.workspace, language)
    first_user = ALICE if language == "fr" else BOB
    state = AppState(sandbox, db, bot_port=free_port(), first_user=first_user)
    page = Page(state)
    async with (
        _serve(sandbox, port, explicit=explicit) as url,
        state.ports["immoteur"].serve() as immoteur,
        state.ports["kare"].serve() as kare,
        page.watch_rows(),
    ):
        sandbox.api_urls = {"immoteur": immoteur, "kare": kare}
        state.supervisor.settings = {**sandbox.settings, **settings}
        state.supervisor.start_bot = start_bot
        if with_bot:
            await state.supervisor.start()
        try:
            yield RunningPage(url, state)
        finally:
            await state.supervisor.stop()


async def stay_open(
    db: Path, port: int, *, explicit: bool, touring: bool, settings: Mapping[str, str]
) -> None:
    """Keep the page open until SIGINT or SIGTERM.

    :raises OSError: when only this port will do, and it is taken
    """
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    async with run_page(db, port, explicit=explicit, settings=settings) as page:
        if touring:
            print(f"=== First a tour. Watch it at {page.url}/ or read it here.", flush=True)
            await _run_until(ending, _tour(page, db))
        if not ending.is_set():
            print(f"\n=== Your Slack is open: {page.url}/\n    Ctrl-C closes it.", end=" ")
            print("The next `constat try` begins with a new database.", flush=True)
        await ending.wait()


async def _tour(page: RunningPage, db: Path) -> None:
    await play(Scenario(page.state.sandbox, page.state.link))
    await list_reports(db)


async def _run_until(ending: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Run `work`, and cancel it when `ending` is set first."""
    task, end = asyncio.create_task(work), asyncio.create_task(ending.wait())
    await asyncio.wait([task, end], return_when=asyncio.FIRST_COMPLETED)
    end.cancel()
    if ending.is_set() and not task.done():
        task.cancel()
        await asyncio.wait([task])
        return
    await task


@asynccontextmanager
async def _serve(sandbox: Sandbox, port: int, *, explicit: bool) -> AsyncIterator[str]:
    async with contextlib.AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(sandbox.serve(HOST, port))
        except OSError:
            if explicit:
                raise
            print(f"=== Port {port} is taken; another port is used.")
            url = await stack.enter_async_context(sandbox.serve(HOST, 0))
        yield url
