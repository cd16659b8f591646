"""A file has one bot at a time. One that is started while another ends waits for it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.only_bot import only_bot
from sandbox.patience import PATIENCE
from sandbox.process import bot_process
from sandbox.sandbox import Sandbox
from storage.engine import UnusableDatabaseError

HOLDER = """
import sys
from pathlib import Path
from storage.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def held(database: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another process that holds the lock of a file, until it is killed."""
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLDER, str(database)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"True\n"
    try:
        yield holder
    finally:
        if holder.returncode is None:
            holder.kill()
        await holder.communicate()


async def test_a_second_bot_is_refused_and_told_which_process_has_the_file(tmp_path: Path) -> None:
    database = tmp_path / "constat.db"
    (tmp_path / "link.db").symlink_to(database)
    async with held(database) as holder:
        for name in ("constat.db", "link.db"):
            with pytest.raises(
                UnusableDatabaseError, match=f"another bot, process {holder.pid} on"
            ):
                async with only_bot(tmp_path / name, asyncio.Event(), wait=0.2):
                    pass


async def test_a_bot_that_waits_for_a_file_can_be_stopped(tmp_path: Path) -> None:
    stopped = asyncio.Event()
    stopped.set()
    async with (
        held(tmp_path / "constat.db"),
        only_bot(tmp_path / "constat.db", stopped, wait=PATIENCE) as is_ours,
    ):
        assert not is_ours


async def test_a_bot_takes_the_place_of_one_that_is_killed(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    database, log = tmp_path / "constat.db", tmp_path / "log"
    async with held(database) as holder, bot_process(sandbox.settings, database, log=log) as bot:
        async with asyncio.timeout(PATIENCE):
            while "another bot uses the file" not in log.read_text("utf-8"):
                await asyncio.sleep(0.02)
        assert not database.exists()
        holder.kill()
        await bot.ready()
        assert await bot.stop() == 0
