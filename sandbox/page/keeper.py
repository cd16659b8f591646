"""Keeps the bot: a real process that can be stopped and started while the page stays open."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

from sandbox.page.bell import Bell
from sandbox.process import BotProcess, bot_process

State = Literal["starting", "running", "stopped"]


class Keeper:
    """One bot at one address, however often it starts. `state` is what the page says of it."""

    def __init__(self, db: Path, *, log: Path, bell: Bell, port: int) -> None:
        self.state: State = "stopped"
        self.settings: Mapping[str, str] = {}
        """Of the bot's environment; to be set before the first start."""
        self._db, self._log, self._bell, self._port = db, log, bell, port
        self._life: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Until the bot is ready.

        :raises RuntimeError: when it ended at once, or was not ready in time
        """
        if self.state != "stopped":
            return
        self._now("starting")
        stack = AsyncExitStack()
        try:
            bot = await stack.enter_async_context(
                bot_process(self.settings, self._db, log=self._log, port=self._port)
            )
            await bot.ready()
        except BaseException:  # a page that is closed meanwhile must not leave a bot behind
            await stack.aclose()
            self._now("stopped")
            raise
        self._now("running")
        self._life = asyncio.create_task(self._watch(stack, bot))

    async def stop(self) -> None:
        """As an operator does, with SIGTERM."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait([self._life])
            self._life = None

    async def _watch(self, stack: AsyncExitStack, bot: BotProcess) -> None:
        """Until the bot ends, by itself or because it is told to."""
        try:
            await bot.process.wait()
        finally:
            await stack.aclose()
            self._now("stopped")

    def _now(self, state: State) -> None:
        self.state = state
        self._bell.ring()
