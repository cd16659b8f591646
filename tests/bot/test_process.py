"""Real processes: how they begin, what they tell an operator, and how they end."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest
from sqlite_utils import Database

from sandbox.patience import PATIENCE
from sandbox.process import BotProcess, bot_process, free_port
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink
from tests import forked
from tests.bot.process_reports import file_an_anomaly, file_an_issue, filed
from tests.processes import Ended
from tests.world import world


async def test_a_served_bot_is_ready_files_a_report_and_ends_with_0_on_sigterm(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    async with bot_process(sandbox.settings, tmp_path / "constat.db", log=log) as bot:
        await bot.ready()
        async with httpx.AsyncClient(base_url=bot.url, trust_env=False) as client:
            pages = [(await client.get(page)).text for page in ("/healthz", "/readyz")]
        form = await file_an_issue(sandbox, BotLink(bot.url))
        comment = await filed(sandbox)
        await forked.logged('message=ready mode="HTTP mode', log)  # looked at five times a second
        status = await bot.stop()
    assert pages == ["ok", "ready"]
    assert form == "closed"
    assert comment == "a blank page"
    assert status == 0
    assert "Traceback" not in log.read_text("utf-8")


async def test_no_secret_is_logged_or_stored(sandbox: Sandbox, tmp_path: Path) -> None:
    secrets = {
        value.encode()
        for name, value in sandbox.settings.items()
        if name.endswith(("TOKEN", "SECRET", "PASSWORD", "EMAIL"))
    }
    log, db = tmp_path / "log", tmp_path / "constat.db"
    async with forked.bot_process(sandbox.settings, db, log=log) as bot:
        await bot.ready()
        await file_an_issue(sandbox, BotLink(bot.url))
        await file_an_anomaly(sandbox, BotLink(bot.url))
        await filed(sandbox)
        async with asyncio.timeout(PATIENCE):
            while not sandbox.kare.anomalies:
                await asyncio.sleep(0.01)
        await bot.stop()
    kept = log.read_bytes() + db.read_bytes()
    found = [secret for secret in secrets if secret in kept]
    assert (len(secrets), len(sandbox.kare.anomalies), found) == (6, 1, [])


async def test_a_bot_whose_token_slack_refuses_is_alive_but_not_ready(tmp_path: Path) -> None:
    async with (
        world(tmp_path, settings={"SLACK_BOT_TOKEN": "xoxb-wrong"}) as bot,
        httpx.AsyncClient(transport=bot.transport, base_url="http://bot") as client,
    ):
        await bot.slack.called("auth.test")
        pages = [await client.get(page) for page in ("/healthz", "/readyz")]
    assert [(page.status_code, page.text) for page in pages] == [
        (200, "ok"),
        (503, "Slack has not accepted SLACK_BOT_TOKEN yet"),
    ]


async def test_a_taken_port_is_told_in_one_line(sandbox: Sandbox, tmp_path: Path) -> None:
    db = tmp_path / "constat.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = await forked.run(
            "serve", "--port", port, settings={**sandbox.settings, "CONSTAT_DB": str(db)}
        )
    line = f"constat: cannot listen on 127.0.0.1, port {port}: Address already in use\n"
    assert (ended, db.exists()) == (Ended(1, "", line), False)


@pytest.mark.parametrize("command", ["serve", "socket"])
async def test_a_file_of_a_newer_version_is_told_in_one_line(
    sandbox: Sandbox, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "constat.db"
    db = Database(path)
    db["_sqlite_migrations"].insert(  # type: ignore[union-attr]
        {"id": 1, "migration_set": "constat", "name": "2099-01-01 wings", "applied_at": ""}
    )
    db.close()
    arguments = ["serve", "--port", "0"] if command == "serve" else ["socket"]
    ended = await forked.run(*arguments, settings={**sandbox.settings, "CONSTAT_DB": str(path)})
    line = f"constat: {path} was written by a newer constat: 2099-01-01 wings\n"
    assert ended == Ended(1, "", line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_http_mode_ends_with_0_on_each_signal(
    sandbox: Sandbox, tmp_path: Path, number: signal.Signals
) -> None:
    log = tmp_path / "log"
    async with forked.bot_process(sandbox.settings, tmp_path / "constat.db", log=log) as bot:
        await bot.ready()
        bot.process.send_signal(number)
        assert await bot.process.wait() == 0
    assert "Traceback" not in log.read_text("utf-8")


async def test_half_sent_requests_beyond_the_limit_of_open_files_stop_nothing(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """And they do not fill the log."""
    log, port = tmp_path / "log", free_port()
    settings = {**sandbox.settings, "CONSTAT_DB": str(tmp_path / "constat.db")}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            "sh", "-c", f"ulimit -n 100; exec {sys.executable} -m bot serve --port {port}",
            env={**settings, "PATH": os.environ["PATH"]}, stdout=out, stderr=out,
        )  # fmt: skip
    bot = BotProcess(f"http://127.0.0.1:{port}", process)
    slow: list[asyncio.StreamWriter] = []
    try:
        await bot.ready()
        for _ in range(200):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n")
            slow.append(writer)
        form = await file_an_issue(sandbox, BotLink(bot.url))
        comment = await filed(sandbox)
        status = await bot.stop()
    finally:
        await bot.stop()
        for writer in slow:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
    assert (form, comment, status) == ("closed", "a blank page", 0)
    assert len(log.read_text("utf-8").splitlines()) < 100
