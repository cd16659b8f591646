"""Signals to a real process: what an operator sends twice, and what a closed log sends."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from sandbox.faults import ApiFault
from sandbox.patience import PATIENCE
from sandbox.process import BotProcess, free_port
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person
from sandbox.slack.seed import ANNONCES, BOB
from storage.database import open_for_reading
from tests.forked import bot_process
from tests.world import ID, without_lists


async def file_an_issue(sandbox: Sandbox, link: BotLink) -> None:
    bob = Person(sandbox.slack, BOB, link)
    await bob.command("/report-issue", f"other {ID} a blank page", channel=ANNONCES)
    await bob.view()
    assert (await bob.submit()).kind == "closed"


async def until_sent(sandbox: Sandbox) -> None:
    async with asyncio.timeout(PATIENCE):
        while not any(request.method == "POST" for request in sandbox.immoteur.requests):
            await asyncio.sleep(0.01)


def states(file: Path) -> list[str]:
    db = open_for_reading(file)
    try:
        return [row["state"] for row in db.execute("select state from reports")]
    finally:
        db.close()


async def test_a_second_signal_does_not_interrupt_an_orderly_stop(tmp_path: Path) -> None:
    sandbox, file = without_lists(), tmp_path / "constat.db"
    sandbox.immoteur.faults.always(ApiFault("slow_after", seconds=1.0), on="POST /")
    async with sandbox.serve(), bot_process(sandbox.settings, file, log=tmp_path / "log") as bot:
        await bot.ready()
        await file_an_issue(sandbox, BotLink(bot.url))
        await until_sent(sandbox)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            bot.process.send_signal(number)
        assert await bot.process.wait() == 0
    assert states(file) == ["filed"]


async def test_a_bot_whose_log_nobody_reads_any_more_goes_on(tmp_path: Path) -> None:
    """A write into a closed pipe is SIGPIPE."""
    sandbox, file, port = without_lists(), tmp_path / "constat.db", free_port()
    reader, writer = os.pipe()
    async with sandbox.serve():
        settings = {**sandbox.settings, "CONSTAT_DB": str(file), "PATH": os.environ["PATH"]}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve", "--port", str(port)),
            env=settings, stdout=writer, stderr=writer,
        )  # fmt: skip
        os.close(writer)
        bot = BotProcess(f"http://127.0.0.1:{port}", process)
        try:
            await bot.ready()
            os.close(reader)
            await file_an_issue(sandbox, BotLink(bot.url))
            await until_sent(sandbox)
            assert await bot.stop() == 0
        finally:
            await bot.stop()
    assert states(file) == ["filed"]
