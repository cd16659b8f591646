"""The processes that tests fork: they behave as those that Python starts."""

import os
from pathlib import Path

import pytest

from sandbox.process import free_port
from sandbox.sandbox import Sandbox
from tests import forked, processes


@pytest.mark.parametrize(
    "arguments", [("serve",), ("--version",), ("log", "--colour")], ids=" ".join
)
async def test_a_forked_command_prints_and_returns_what_a_started_one_does(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    settings = {"CONSTAT_DB": str(tmp_path / "constat.db")}
    ended = await forked.run(*arguments, settings=settings)
    assert ended == await processes.run(*arguments, settings=settings)


async def test_a_forked_bot_has_a_session_of_its_own_and_dies_of_a_kill(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = {**sandbox.settings, "CONSTAT_DB": str(tmp_path / "constat.db")}
    arguments = ("serve", "--port", str(free_port()))
    log = tmp_path / "log"
    async with forked.started(*arguments, settings=settings, log=log) as process:
        await forked.logged("message=ready", log)
        assert os.getsid(process.pid) == process.pid
        process.kill()
        assert await process.wait() == -9
