"""Socket Mode: how the bot starts, comes back after a broken connection, and ends."""

import signal
from pathlib import Path

import pytest

from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink
from sandbox.slack.socket_mode import SocketMode
from tests import forked
from tests.bot.process_reports import connected_to, file_an_issue, filed
from tests.processes import started
from tests.world import World, without_lists, world


async def test_socket_mode_files_a_report_without_a_signing_secret(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = {**sandbox.settings, "CONSTAT_DB": str(tmp_path / "constat.db")}
    del settings["SLACK_SIGNING_SECRET"]
    async with started("socket", settings=settings) as process:
        await sandbox.slack.socket.connected()
        form = await file_an_issue(sandbox, BotLink(socket=sandbox.slack.socket))
        comment = await filed(sandbox)
        process.terminate()
        _, err = await process.communicate()
    assert form == "closed"
    assert comment == "a blank page"
    assert process.returncode == 0
    assert b"Traceback" not in err


async def test_socket_mode_logs_when_it_is_ready(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = {**sandbox.settings, "CONSTAT_DB": str(tmp_path / "constat.db")}
    log = tmp_path / "log"
    async with forked.started("socket", settings=settings, log=log):
        await forked.logged('message=ready mode="Socket Mode', log)
        assert sandbox.slack.socket.connections == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_socket_mode_ends_with_0_while_slack_cannot_be_reached(
    tmp_path: Path, number: signal.Signals
) -> None:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-hush",
        "SLACK_APP_TOKEN": "xapp-hush",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "IMMOTEUR_TOKEN": "imt_1",
        "CONSTAT_DB": str(tmp_path / "constat.db"),
    }
    log = tmp_path / "log"
    async with forked.started("socket", settings=settings, log=log) as process:
        await forked.logged("Failed to connect", log)
        process.send_signal(number)
        assert await process.wait() == 0
    text = log.read_text("utf-8")
    assert "Traceback" not in text
    assert "hush" not in text


async def test_socket_mode_comes_back_when_slack_refreshes_the_connection(bot: World) -> None:
    async with connected_to(bot):
        await bot.slack.socket.connected()
        await bot.slack.socket.disconnect()
        await bot.until(lambda: len(bot.slack.calls_of("apps.connections.open")) > 1)
        await bot.slack.socket.connected()
        form = await file_an_issue(bot.sandbox, BotLink(socket=bot.slack.socket))
    assert form == "closed"


class FirstTicketSpoiled(SocketMode):
    """The first address it gives does not work."""

    def new_url(self, base_url: str) -> str:
        url = super().new_url(base_url)
        if not self.spoiled:
            self._tickets.clear()
            self.spoiled = True
        return url

    spoiled = False


async def test_socket_mode_asks_for_another_address_when_one_does_not_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox = without_lists()
    sandbox.slack.socket = FirstTicketSpoiled()
    async with world(tmp_path, sandbox=sandbox) as bot, connected_to(bot):
        await bot.slack.socket.connected()
        form = await file_an_issue(bot.sandbox, BotLink(socket=bot.slack.socket))
    tickets = [record.message for record in caplog.records if "ticket=" in record.message]
    assert (form, [line for line in tickets if "ticket=…" not in line]) == ("closed", [])


@pytest.mark.parametrize("loop", ["message_processor", "message_receiver"])
async def test_socket_mode_goes_on_after_one_of_its_loops_has_ended(bot: World, loop: str) -> None:
    async with connected_to(bot) as client:
        await bot.slack.socket.connected()
        await bot.until(lambda: client.message_receiver)
        ended = getattr(client, loop)
        ended.cancel()
        await bot.until(lambda: getattr(client, loop) is not ended)
        await bot.slack.socket.connected()
        form = await file_an_issue(bot.sandbox, BotLink(socket=bot.slack.socket))
    assert form == "closed"
