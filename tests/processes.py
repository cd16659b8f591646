"""`constat` as an operator starts it: a process with these settings and nothing else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


async def run(*arguments: str, settings: Environment) -> Ended:
    """A command that ends by itself."""
    process = await _start(arguments, settings)
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@asynccontextmanager
async def started(
    *arguments: str, settings: Environment
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A command that goes on; killed at the end if it was not ended."""
    process = await _start(arguments, settings)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _start(arguments: tuple[str, ...], settings: Environment) -> asyncio.subprocess.Process:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env={**environment, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
