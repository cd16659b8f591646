"""`constat` forked from a process that has imported everything: the start without the imports.

It is a process of its own: with its own PID, session, environment, file handles and threads, and it
dies as any other. The second that Python's imports take is spent once for all tests of a process.
A test about the start itself uses `tests.processes` or `sandbox.process`, which start Python.
"""

import asyncio
import contextlib
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from sandbox.patience import PATIENCE
from sandbox.process import BotProcess, free_port
from tests.processes import Ended

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["__main__", "tests.forked_imports"])


@dataclass(frozen=True)
class ForkedProcess:
    """A process with the methods of asyncio's."""

    pid: int
    ended: asyncio.Future[int]
    """Its exit status; a signal's is negative."""

    @property
    def returncode(self) -> int | None:
        return self.ended.result() if self.ended.done() else None

    def send_signal(self, number: int) -> None:
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):  # it has ended just now
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        return await asyncio.shield(self.ended)


@asynccontextmanager
async def started(
    *arguments: str,
    settings: Mapping[str, str],
    log: Path,
    out: Path | None = None,
    prepare: Callable[[], None] | None = None,
) -> AsyncIterator[ForkedProcess]:
    """`constat` with these arguments; killed at the end of the block if it was not ended.

    :param settings: its environment, beside PATH and HOME
    :param log: the file that its errors and its log are appended to
    :param out: the file that its other output is appended to; None for the same file
    :param prepare: a function of a module, which the process calls first
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = SERVER.Process(
        target=_be_constat,
        args=(arguments, {**kept, **settings}, out or log, log, prepare),
        daemon=True,
    )
    await asyncio.to_thread(process.start)  # the first waits until the server has imported
    assert process.pid is not None
    forked = ForkedProcess(process.pid, _end_of(process))
    try:
        yield forked
    finally:
        forked.kill()
        await forked.wait()


async def run(*arguments: str, settings: Mapping[str, str]) -> Ended:
    """A command that ends by itself."""
    with tempfile.TemporaryDirectory() as folder:
        out, log = Path(folder, "out"), Path(folder, "err")
        async with started(*arguments, settings=settings, log=log, out=out) as process:
            status = await process.wait()
        return Ended(status, _text(out), _text(log))


async def logged(text: str, log: Path) -> None:
    """Wait until the log holds the text.

    :raises TimeoutError: when it does not in time
    """
    async with asyncio.timeout(PATIENCE):
        while text not in _text(log):
            await asyncio.sleep(0.01)


@asynccontextmanager
async def bot_process(
    settings: Mapping[str, str], db: Path, *, log: Path, port: int = 0
) -> AsyncIterator[BotProcess]:
    """`sandbox.process.bot_process`, forked."""
    port = port or free_port()
    own = {**settings, "CONSTAT_DB": str(db)}
    async with started("serve", "--port", str(port), settings=own, log=log) as process:
        bot = BotProcess(f"http://127.0.0.1:{port}", process)
        try:
            yield bot
        finally:
            await bot.stop()


def _text(file: Path) -> str:
    """What is in a file; nothing as long as the process has not opened it."""
    return file.read_text("utf-8") if file.exists() else ""


def _end_of(process: BaseProcess) -> asyncio.Future[int]:
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def end() -> None:
        loop.remove_reader(process.sentinel)
        process.join()
        ended.set_result(process.exitcode)
        process.close()

    loop.add_reader(process.sentinel, end)
    return ended


def _be_constat(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    out: Path,
    log: Path,
    prepare: Callable[[], None] | None,
) -> None:
    os.setsid()
    for number, path in ((1, out), (2, log)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    if prepare:
        prepare()
    sys.argv[1:] = arguments
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
