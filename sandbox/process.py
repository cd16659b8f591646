"""A bot as a process of its own, started as an operator starts it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

START = 20.0
"""Seconds that a start may take on a busy machine."""


class Process(Protocol):
    """What is needed of `asyncio.subprocess.Process`."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def send_signal(self, signal: int) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int: ...


@dataclass(frozen=True)
class BotProcess:
    url: str
    process: Process

    async def ready(self) -> None:
        """Wait until /readyz answers 200.

        :raises RuntimeError: when the bot ended, or was not ready in time
        """
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(int(START / 0.02)):
                if self.process.returncode is not None:
                    raise RuntimeError(f"the bot ended with {self.process.returncode}")
                try:
                    answer = await client.get(f"{self.url}/readyz")
                except httpx.TransportError:
                    pass
                else:
                    if answer.status_code == 200:
                        return
                await asyncio.sleep(0.02)
        raise RuntimeError("the bot was not ready in time")

    async def stop(self) -> int:
        """Send SIGTERM, and give the exit status."""
        if self.process.returncode is None:
            self.process.terminate()
        return await self.process.wait()


class BotStarter(Protocol):
    """Runs a bot until the block ends, as `bot_process` does."""

    def __call__(
        self, settings: Mapping[str, str], db: Path, *, log: Path, port: int = 0
    ) -> AbstractAsyncContextManager[BotProcess]: ...


@asynccontextmanager
async def bot_process(
    settings: Mapping[str, str], db: Path, *, log: Path, port: int = 0
) -> AsyncIterator[BotProcess]:
    """`constat serve` on loopback. Of this process's environment it gets PATH and HOME only.

    :param log: the file that its log is appended to
    """
    port = port or free_port()
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {**settings, "CONSTAT_DB": str(db)}
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve", "--port", str(port)),
            env=environment,
            stdout=out,
            stderr=out,
        )
    bot = BotProcess(f"http://127.0.0.1:{port}", process)
    try:
        yield bot
    finally:
        await bot.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
