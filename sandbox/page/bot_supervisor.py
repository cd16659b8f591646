"""Starts and stops the bot's process while the page stays open."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

from sandbox.page.change_event import ChangeEvent
from sandbox.process import BotProcess, BotStarter, bot_process

State = Literal["starting", "running", "stopped"]


class BotSupervisor:
    """The bot at one address, through its restarts. The page shows `state`."""

    def __init__(self, db: Path, *, log: Path, changes: ChangeEvent, port: int) -> None:
        self.state: State = "stopped"
        self.settings: Mapping[str, str] = {}
        """The bot's environment, to be set before the first start."""
        self.start_bot: BotStarter = bot_process
        self.db, self._log, self._changes, self._port = db, log, changes, port
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the bot, unless it runs, and wait until it is ready.

        :raises RuntimeError: when it ended at once, or was not ready in time
        """
        if self.state != "stopped":
            return
        self._set_state("starting")
        stack = AsyncExitStack()
        try:
            bot = await stack.enter_async_context(
                self.start_bot(self.settings, self.db, log=self._log, port=self._port)
            )
            await bot.ready()
        except BaseException:  # also on cancellation, the process must not be left behind
            await stack.aclose()
            self._set_state("stopped")
            raise
        self._set_state("running")
        self._watching = asyncio.create_task(self._watch(stack, bot))

    async def stop(self) -> None:
        """Stop the bot with SIGTERM, as an operator does."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])
            self._watching = None

    async def _watch(self, stack: AsyncExitStack, bot: BotProcess) -> None:
        """Wait until the bot ends, by itself or by `stop`."""
        try:
            await bot.process.wait()
        finally:
            await stack.aclose()
            self._set_state("stopped")

    def _set_state(self, state: State) -> None:
        self.state = state
        self._changes.notify()
