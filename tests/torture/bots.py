"""The bot of one machine: a process that is started, wrapped, killed, and started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from sandbox.process import START, free_port
from storage.address import DatabaseAddress, PostgresAddress

CONFIG = """\
[delivery]
lease = 1.5
concurrency = 8
per_second = 500
[receipts]
per_second = 500
burst = 500
"""
"""Fast, so that a kill meets something at work; the pace has tests of its own."""


@dataclass
class Bot:
    """One process."""

    url: str
    pid: int
    ended: asyncio.Future[int]
    """Its exit status; a signal's is negative."""

    def kill(self) -> None:
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):  # its end is not told yet
                os.kill(self.pid, signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, and its exit status."""
        if not self.ended.done():
            os.kill(self.pid, signal.SIGTERM)
        return await asyncio.shield(self.ended)

    async def listening(self) -> None:
        """Wait until it takes connections, or has ended."""
        port = int(self.url.rpartition(":")[2])
        while not self.ended.done():
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return

    async def ready(self) -> None:
        """Wait until Slack has taken its token."""
        await self._answers("/readyz")

    async def has_opened_its_file(self) -> None:
        """Wait until it answers requests, which it does once its file is open."""
        await self._answers("/healthz")

    async def _answers(self, path: str) -> None:
        """Wait until a path is answered with 200, or the bot has ended."""
        await self.listening()
        async with asyncio.timeout(START), httpx.AsyncClient(trust_env=False) as client:
            while not self.ended.done():
                if (await client.get(f"{self.url}{path}")).status_code == 200:
                    return
                await asyncio.sleep(0.02)


@dataclass
class Bots:
    """One bot after another, on the same port and the same database."""

    settings: Mapping[str, str]
    port: int
    log: Path
    db: DatabaseAddress
    _nursery: asyncio.subprocess.Process | None = field(default=None)

    @classmethod
    @asynccontextmanager
    async def of(
        cls,
        settings: Mapping[str, str],
        folder: Path,
        settings_toml: str = CONFIG,
        *,
        address: PostgresAddress | None = None,
    ) -> AsyncIterator["Bots"]:
        """:param address: of a database; a file in the folder if there is none"""
        config, db = folder / "config.toml", address or folder / "constat.db"
        config.write_text(settings_toml, "utf-8")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"CONSTAT_CONFIG": str(config), "CONSTAT_DB": address.url if address else str(db)}
        bots = cls({**kept, **settings, **own}, free_port(), folder / "log", db)
        with bots.log.open("ab") as log:
            bots._nursery = nursery = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.torture.nursery"),
                env=dict(bots.settings),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield bots
        finally:
            # With whatever it started.
            os.killpg(nursery.pid, signal.SIGKILL)
            await nursery.wait()

    @asynccontextmanager
    async def start(self, wrapping: str = "-") -> AsyncIterator[Bot]:
        """A bot until the block ends; then it is killed, unless it ended before.

        :param wrapping: as `wrap` of `wrapped.py` takes them; `-` is the bot without one
        """
        pid = await self._begin(wrapping, f"serve --port {self.port}")
        bot = Bot(f"http://127.0.0.1:{self.port}", pid, asyncio.ensure_future(self._answer()))
        try:
            yield bot
        finally:
            bot.kill()
            await asyncio.shield(bot.ended)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def verified(self, wrapping: str = "-") -> bool:
        """Whether `constat log --verify` finds no fault in the database. No bot may run."""
        await self._begin(wrapping, "log --verify")
        return await self._answer() == 0

    async def _begin(self, wrapping: str, arguments: str) -> int:
        """:returns: the pid of the process"""
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(f"{wrapping} {arguments}\n".encode())
        return await self._answer()

    async def _answer(self) -> int:
        assert self._nursery is not None
        assert self._nursery.stdout is not None
        return int(await self._nursery.stdout.readline())
