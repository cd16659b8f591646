"""The bot of one machine: a process that is started, wrapped, killed, and started again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from sandbox.process import START, free_port
from storage.address import DatabaseAddress, PostgresAddress
from tests.forked import ForkedProcess, started
from tests.torture.wrapped import wrap

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


@dataclass(frozen=True)
class Bot:
    """One process."""

    url: str
    process: ForkedProcess

    @property
    def ended(self) -> asyncio.Future[int]:
        """Its exit status; a signal's is negative."""
        return self.process.ended

    def kill(self) -> None:
        self.process.kill()

    async def stop(self) -> int:
        """SIGTERM, and its exit status."""
        self.process.terminate()
        return await self.process.wait()

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

    async def ready(self, within: float = START) -> None:
        """Wait until Slack and the APIs have taken its tokens.

        :param within: seconds
        """
        await self._answers("/readyz", within)

    async def has_opened_its_file(self) -> None:
        """Wait until it answers requests, which it does once its file is open."""
        await self._answers("/healthz", START)

    async def _answers(self, path: str, within: float) -> None:
        """Wait until a path is answered with 200, or the bot has ended."""
        await self.listening()
        async with asyncio.timeout(within), httpx.AsyncClient(trust_env=False) as client:
            while not self.ended.done():
                if (await client.get(f"{self.url}{path}")).status_code == 200:
                    return
                await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Bots:
    """One bot after another, on the same port and the same database."""

    settings: Mapping[str, str]
    port: int
    log: Path
    db: DatabaseAddress

    @classmethod
    def of(
        cls,
        settings: Mapping[str, str],
        folder: Path,
        settings_toml: str = CONFIG,
        *,
        address: PostgresAddress | None = None,
    ) -> "Bots":
        """:param address: of a database; a file in the folder if there is none"""
        config, db = folder / "config.toml", address or folder / "constat.db"
        config.write_text(settings_toml, "utf-8")
        own = {"CONSTAT_CONFIG": str(config), "CONSTAT_DB": address.url if address else str(db)}
        return cls({**settings, **own}, free_port(), folder / "log", db)

    @asynccontextmanager
    async def start(self, wrapping: str = "-") -> AsyncIterator[Bot]:
        """A bot until the block ends; then it is killed, unless it ended before.

        :param wrapping: as `wrap` of `wrapped.py` takes them; `-` is the bot without one
        """
        async with started(
            *("serve", "--port", str(self.port)),
            settings=self.settings,
            log=self.log,
            prepare=partial(wrap, wrapping),
        ) as process:
            yield Bot(self.url, process)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def verified(self, wrapping: str = "-") -> bool:
        """Whether `constat log --verify` finds the database intact."""
        log = self.log.with_name("verified")
        async with started(
            *("log", "--verify"),
            settings=self.settings,
            log=log,
            prepare=partial(wrap, wrapping),
        ) as process:
            return await process.wait() == 0
