"""A bot process that can be wrapped, started again on the same port, and killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.process import BotProcess, free_port

POLICY = """\
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
class Bots:
    """The bot of one place: one process after another."""

    settings: Mapping[str, str]
    port: int
    log: Path
    db: Path

    @classmethod
    def of(cls, settings: Mapping[str, str], folder: Path, policy: str = POLICY) -> "Bots":
        config, db = folder / "policy.toml", folder / "constat.db"
        config.write_text(policy, "utf-8")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"CONSTAT_CONFIG": str(config), "CONSTAT_DB": str(db)}
        return cls({**kept, **settings, **own}, free_port(), folder / "log", db)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def one(self, wrapping: str = "") -> AsyncIterator[BotProcess]:
        """A bot until the block ends; then it is killed, unless it ended before.

        :param wrapping: the name of one in `wrapped.py`; none for the bot as it is
        """
        program = ("tests.torture.wrapped", wrapping) if wrapping else ("bot",)
        with self.log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *program, "serve", "--port", str(self.port)),
                env=dict(self.settings),
                stdout=out,
                stderr=out,
            )
        bot = BotProcess(self.url, process)
        try:
            yield bot
        finally:
            kill(bot)
            await process.wait()

    async def verified(self) -> bool:
        """What `constat log --verify` says of the file."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "log", "--verify"),
            env=dict(self.settings),
            stdout=asyncio.subprocess.DEVNULL,
        )
        return await process.wait() == 0


def kill(bot: BotProcess) -> None:
    if bot.process.returncode is None:
        bot.process.send_signal(signal.SIGKILL)


async def listening(bot: BotProcess) -> None:
    """Wait until it takes connections, or has ended."""
    port = int(bot.url.rpartition(":")[2])
    while bot.process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return
