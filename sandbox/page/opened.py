"""`constat try` with the page: a sandbox and a bot, the tour in them, and then your turn."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.page.bell import Bell
from sandbox.page.desk import Desk, make_desk
from sandbox.page.glass import WatchedLink
from sandbox.page.keeper import Keeper
from sandbox.page.manifest import read
from sandbox.page.opening import open_talk
from sandbox.page.server import Page
from sandbox.process import free_port
from sandbox.sandbox import Sandbox
from sandbox.tour import Scenario, list_reports, play

HOST = "127.0.0.1"
"""Loopback: nobody else can open the page."""


@dataclass(frozen=True)
class Opened:
    url: str
    desk: Desk
    keeper: Keeper


@asynccontextmanager
async def opened(db: Path, port: int = 0, *, explicit: bool = True) -> AsyncIterator[Opened]:
    """A sandbox with its page, and a running bot whose database is `db`.

    :param explicit: whether exactly this port is wanted; otherwise a taken one gives way
    :raises OSError: when the port is taken
    :raises RuntimeError: when the bot does not start
    """
    bell, manifest, sandbox = Bell(), read(), Sandbox()
    open_talk(sandbox.slack.workspace)
    bot_port = free_port()
    link = WatchedLink(f"http://{HOST}:{bot_port}")
    keeper = Keeper(db, log=db.with_suffix(".log"), bell=bell, port=bot_port)
    desk = make_desk(sandbox, link, db, manifest, keeper, bell)
    page = Page(desk)
    async with _served(sandbox, port, explicit=explicit) as url, page.watching():
        keeper.settings = sandbox.settings
        await keeper.start()
        try:
            yield Opened(url, desk, keeper)
        finally:
            await keeper.stop()


async def stay_open(db: Path, port: int, *, explicit: bool, touring: bool = True) -> None:
    """Until Ctrl-C.

    :raises OSError: when exactly this port is wanted, and it is taken
    """
    told = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, told.set)
    async with opened(db, port, explicit=explicit) as place:
        if touring:
            print(f"=== First a tour. Watch it at {place.url}/ or read it here.", flush=True)
            await _unless(told, _tour(place, db))
        if not told.is_set():
            print(f"\n=== Your Slack is open: {place.url}/\n    Ctrl-C closes it.", flush=True)
        await told.wait()


async def _tour(place: Opened, db: Path) -> None:
    await play(Scenario(place.desk.sandbox, place.desk.link))
    await list_reports(db)


async def _unless(told: asyncio.Event, doing: Coroutine[Any, Any, None]) -> None:
    """Do it, but no longer than until told to end."""
    task, end = asyncio.create_task(doing), asyncio.create_task(told.wait())
    await asyncio.wait([task, end], return_when=asyncio.FIRST_COMPLETED)
    end.cancel()
    if told.is_set() and not task.done():
        task.cancel()
        await asyncio.wait([task])
        return
    await task


@asynccontextmanager
async def _served(sandbox: Sandbox, port: int, *, explicit: bool) -> AsyncIterator[str]:
    async with contextlib.AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(sandbox.serve(HOST, port))
        except OSError:
            if explicit:
                raise
            print(f"=== Port {port} is taken; another one is used.")
            url = await stack.enter_async_context(sandbox.serve(HOST, 0))
        yield url
