"""The port of CONSTAT_HEALTH: who answers there, what, and what it costs to ask."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.asgi_server import served
from bot.cli import main
from bot.health import CONNECTIONS, HealthApp
from bot.http import HttpApp
from bot.settings import Settings
from sandbox.patience import PATIENCE
from sandbox.process import free_port
from sandbox.sandbox import Sandbox
from tests.forked import bot_process, run, started
from tests.processes import Ended
from tests.world import World, without_lists

NOT_AN_ADDRESS = "it is not an address and a port, such as 127.0.0.1:9400"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_ins = without_lists()
    async with stand_ins.serve():
        yield stand_ins


async def page_of(port: int, path: str, *, until: int = 200) -> httpx.Response:
    """A page, once the port answers with that status."""
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(PATIENCE):
        while True:
            try:
                page = await client.get(f"http://127.0.0.1:{port}{path}")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
                continue
            if page.status_code == until:
                return page
            await asyncio.sleep(0.02)


@asynccontextmanager
async def health_of(app: HealthApp) -> AsyncIterator[int]:
    """The port of a server for this app."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with served(app, listener, connections=CONNECTIONS) as server:
            yield server.port


def missing(*sentences: str) -> Callable[[], "asyncio.Future[list[str]]"]:
    def give() -> asyncio.Future[list[str]]:
        given = asyncio.get_running_loop().create_future()
        given.set_result(list(sentences))
        return given

    return give


async def metrics() -> bytes:
    return b"constat_ready 1\n"


async def test_in_http_mode_both_ports_answer(sandbox: Sandbox, tmp_path: Path) -> None:
    port = free_port()
    settings = {**sandbox.settings, "CONSTAT_HEALTH": f"127.0.0.1:{port}"}
    async with bot_process(settings, tmp_path / "constat.db", log=tmp_path / "log") as bot:
        await bot.ready()
        own = [(await page_of(port, path)).text for path in ("/healthz", "/readyz")]
        async with httpx.AsyncClient(base_url=bot.url, trust_env=False) as client:
            public = [(await client.get(path)).text for path in ("/healthz", "/readyz")]
            events = await client.post(f"http://127.0.0.1:{port}/slack/events")
        status = await bot.stop()
    assert own == ["ok", "ready"]
    assert public == ["ok", "ready"]
    assert events.status_code == 404
    assert status == 0


async def test_in_socket_mode_the_port_answers(sandbox: Sandbox, tmp_path: Path) -> None:
    port = free_port()
    settings = {**sandbox.settings, "CONSTAT_DB": str(tmp_path / "constat.db")}
    settings["CONSTAT_HEALTH"] = f"127.0.0.1:{port}"
    async with started("socket", settings=settings, log=tmp_path / "log") as process:
        ready = await page_of(port, "/readyz")
        assert ready.text == "ready"
        assert sandbox.slack.socket.connections == 1
        process.terminate()
        assert await process.wait() == 0


async def test_in_socket_mode_a_bot_without_slack_is_alive_and_says_what_it_lacks(
    tmp_path: Path,
) -> None:
    port = free_port()
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "IMMOTEUR_TOKEN": "imt_1",
        "IMMOTEUR_API_URL": "http://127.0.0.1:9/",
        "CONSTAT_DB": str(tmp_path / "constat.db"),
        "CONSTAT_HEALTH": f"127.0.0.1:{port}",
    }
    async with started("socket", settings=settings, log=tmp_path / "log"):
        alive = await page_of(port, "/healthz")
        lacking = await page_of(port, "/readyz", until=503)
    assert alive.text == "ok"
    assert "Slack cannot be reached" in lacking.text or "not accepted" in lacking.text
    assert "Socket Mode is not connected" in lacking.text


async def test_without_the_setting_the_bot_listens_on_its_own_port_only(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with bot_process(sandbox.settings, tmp_path / "constat.db", log=tmp_path / "log") as bot:
        await bot.ready()
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert len([line for line in lines if "message=listening" in line]) == 1


@pytest.mark.parametrize(
    "address",
    ["9400", ":9400", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1:9400",
     "http://127.0.0.1:9400", "127.0.0.1:9400/metrics", "127.0.0.1:94a", "127.0.0.1:９４００",
     "a b:9400", "[127.0.0.1:9400"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["serve", "socket"])
def test_what_is_no_address_and_port_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    address: str,
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("IMMOTEUR_TOKEN", "imt_1")
    monkeypatch.setenv("CONSTAT_DB", str(tmp_path / "constat.db"))
    monkeypatch.setenv("CONSTAT_HEALTH", address)
    assert main([command]) == 2
    printed = capsys.readouterr()
    assert printed.err == f"constat: CONSTAT_HEALTH is wrong: {NOT_AN_ADDRESS}\n"


@pytest.mark.parametrize("command", ["serve", "socket"])
@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.1", "no-such-host.invalid"])
async def test_an_address_that_cannot_be_used_stops_the_start_before_the_file_is_made(
    sandbox: Sandbox, tmp_path: Path, command: str, address: str
) -> None:
    db = tmp_path / "constat.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {**sandbox.settings, "CONSTAT_DB": str(db)}
        settings["CONSTAT_HEALTH"] = f"{address}:{port}"
        ended = await run(command, settings=settings)
    start = f"constat: CONSTAT_HEALTH: cannot listen on {address}, port {port}: "
    assert ended.status == 2
    assert ended.err.startswith(start)
    assert len(ended.err.splitlines()) == 1
    assert not db.exists()


async def test_one_port_for_both_stops_the_start(sandbox: Sandbox, tmp_path: Path) -> None:
    port = free_port()
    settings = {**sandbox.settings, "CONSTAT_DB": str(tmp_path / "constat.db")}
    settings["CONSTAT_HEALTH"] = f"127.0.0.1:{port}"
    ended = await run("serve", "--port", str(port), settings=settings)
    line = f"CONSTAT_HEALTH: cannot listen on 127.0.0.1, port {port}: Address already in use"
    assert ended == Ended(2, "", f"constat: {line}\n")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /healthz", 200),
        ("HEAD /healthz", 200),
        ("GET /readyz", 503),
        ("GET /metrics", 200),
        ("POST /healthz", 405),
        ("DELETE /metrics", 405),
        ("GET /", 404),
        ("POST /slack/events", 404),
        ("GET /metrics/", 404),
    ],
)
async def test_the_port_answers_reading_requests_of_its_pages_only(
    request_line: str, status: int
) -> None:
    method, path = request_line.split()
    app = HealthApp(missing("the file is gone"), metrics)
    async with health_of(app) as port, httpx.AsyncClient(trust_env=False) as client:
        page = await client.request(method, f"http://127.0.0.1:{port}{path}")
    assert page.status_code == status


async def test_what_is_missing_is_the_text_of_the_answer() -> None:
    app = HealthApp(missing("the file is gone", "a loop ended"))
    async with health_of(app) as port:
        page = await page_of(port, "/readyz", until=503)
    assert page.text == "the file is gone; a loop ended"


async def test_the_public_port_has_no_metrics(bot: World) -> None:
    app = HttpApp(bot.runtime.app, "secret", bot.runtime.missing)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        page = await client.get("/metrics")
    assert page.status_code == 404


async def test_idle_connections_beyond_the_limit_do_not_keep_a_monitor_out() -> None:
    writers: list[asyncio.StreamWriter] = []
    async with health_of(HealthApp(missing())) as port:
        for _ in range(3 * CONNECTIONS):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\n")
            writers.append(writer)
        page = await page_of(port, "/healthz")
        for writer in writers:
            writer.close()
    assert page.text == "ok"
