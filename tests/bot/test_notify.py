"""A service of Type=notify: what systemd hears of the bot, and when."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.notify import Notifier
from bot.process import report
from sandbox.patience import PATIENCE
from sandbox.process import free_port
from sandbox.sandbox import Sandbox
from tests import forked
from tests.processes import started
from tests.world import without_lists


class Systemd:
    """The end of the socket where systemd listens."""

    def __init__(self, address: str) -> None:
        self.address, self.lines = address, list[str]()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self._socket.settimeout(0)

    async def hears(self, line: str) -> None:
        """Listen until a line begins so."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while not any(heard.startswith(line) for heard in self.lines):
                self.lines += (await loop.sock_recv(self._socket, 10_000)).decode().splitlines()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Systemd]:
    address = {
        "path": str(tmp_path / "notify"),
        "abstract": f"@constat-{os.getpid()}-{tmp_path.name}",
    }
    listening = Systemd(address[request.param])
    yield listening
    listening.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_ins = without_lists()
    async with stand_ins.serve():
        yield stand_ins


@pytest.mark.parametrize("command", ["serve", "socket"])
async def test_systemd_hears_of_the_start_of_life_and_of_the_end(
    sandbox: Sandbox, tmp_path: Path, systemd: Systemd, command: str
) -> None:
    settings = {
        **sandbox.settings,
        "CONSTAT_DB": str(tmp_path / "constat.db"),
        "NOTIFY_SOCKET": systemd.address,
        "WATCHDOG_USEC": "300000",
    }
    arguments = {"serve": ("serve", "--port", str(free_port())), "socket": ("socket",)}
    async with started(*arguments[command], settings=settings) as process:
        await systemd.hears("READY=1")
        await systemd.hears("STATUS=ready: ")
        systemd.lines.clear()
        await systemd.hears("WATCHDOG=1")
        assert [line for line in systemd.lines if line.startswith("READY")] == []
        process.terminate()
        await systemd.hears("STOPPING=1")
        await process.communicate()
        assert process.returncode == 0


async def test_a_bot_that_is_not_ready_says_what_it_lacks(tmp_path: Path, systemd: Systemd) -> None:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "IMMOTEUR_TOKEN": "imt_1",
        "IMMOTEUR_API_URL": "http://127.0.0.1:9/",
        "CONSTAT_DB": str(tmp_path / "constat.db"),
        "NOTIFY_SOCKET": systemd.address,
    }
    async with forked.started("socket", settings=settings, log=tmp_path / "log"):
        await systemd.hears("STATUS=")
    assert [line for line in systemd.lines if line.startswith("READY")] == []


async def test_a_token_that_an_api_refuses_does_not_hold_up_the_start(
    sandbox: Sandbox, tmp_path: Path, systemd: Systemd
) -> None:
    settings = {
        **sandbox.settings,
        "IMMOTEUR_TOKEN": "imt_wrong",
        "CONSTAT_DB": str(tmp_path / "constat.db"),
        "NOTIFY_SOCKET": systemd.address,
    }
    log = tmp_path / "log"
    async with forked.started("serve", "--port", str(free_port()), settings=settings, log=log):
        await systemd.hears("READY=1")
        await systemd.hears("STATUS=immoteur refuses our token: renew IMMOTEUR_TOKEN")


async def none_missing() -> list[str]:
    return []


def no_refusals() -> list[str]:
    return []


@pytest.mark.parametrize(
    ("missing", "is_ready"),
    [([], True), (["refused"], True), (["no Slack"], False), (["refused", "no Slack"], False)],
)
async def test_only_what_an_api_refuses_does_not_hold_up_the_start(
    systemd: Systemd, missing: list[str], *, is_ready: bool
) -> None:
    async def lacking() -> list[str]:
        return missing

    notifier = Notifier(systemd.address)
    reporting = asyncio.create_task(
        report(lacking, lambda: ["refused"], dict[str, bool], "a test", notifier)
    )
    await systemd.hears(f"STATUS={'; '.join(missing) or 'ready: a test'}")
    reporting.cancel()
    assert ("READY=1" in systemd.lines) == is_ready


async def test_systemd_gets_no_sign_of_life_once_a_loop_has_ended(systemd: Systemd) -> None:
    loops = {"receipts": True, "deliveries": True}
    notifier = Notifier(systemd.address, watchdog=0.03)
    reporting = asyncio.create_task(
        report(none_missing, no_refusals, lambda: loops, "a test", notifier)
    )
    await systemd.hears("WATCHDOG=1")
    loops["receipts"] = False
    await steps(systemd, notifier)  # a sign of life may have been on its way
    systemd.lines.clear()
    for _ in range(3):
        await steps(systemd, notifier)
    reporting.cancel()
    assert "WATCHDOG=1" not in systemd.lines


async def steps(systemd: Systemd, notifier: Notifier) -> None:
    """Wait for a step of `report`, which shows its own status again."""
    notifier.status("of the test")
    await systemd.hears("STATUS=of the test")
    systemd.lines = [line for line in systemd.lines if not line.startswith("STATUS")]
    await systemd.hears("STATUS=ready: a test")


async def test_a_status_is_one_line_and_is_sent_once(systemd: Systemd) -> None:
    notifier = Notifier(systemd.address)
    notifier.status("first\nREADY=1")
    notifier.status("first\nREADY=1")
    notifier.status("second")
    await systemd.hears("STATUS=second")
    assert systemd.lines == ["STATUS=first READY=1", "STATUS=second"]


@pytest.mark.parametrize("address", ["", "/no/such/socket", "@no-such-socket", "@", "vsock:2:1"])
def test_a_socket_that_is_not_there_stops_nothing(address: str) -> None:
    notifier = Notifier(address)
    notifier.ready()
    notifier.stopping()


def test_a_socket_that_is_full_keeps_nobody_waiting(systemd: Systemd) -> None:
    notifier = Notifier(systemd.address)
    for _ in range(5000):
        notifier.alive()


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "-1"}, None),
    ],
)
def test_the_watchdog_is_that_of_the_environment(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert Notifier.of(environment).watchdog == seconds
