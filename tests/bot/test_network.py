"""The operator's proxies and certificates hold for Slack and for both APIs."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from bot import network
from bot.delivery.http_client import Answer, Exchange, NotSent, client_for
from bot.settings import SettingsError
from bot.slack import web_api
from bot.socket_mode import connected
from sandbox.server import serve
from sandbox.slack.model import App
from tests.world import World, world

pytestmark = pytest.mark.usefixtures("direct_network")

PROXY = "http://proxy.example:3128"
URL = "https://api.example.com/v1/"
WAYS = [
    ({}, URL, None),
    ({"HTTPS_PROXY": PROXY}, URL, PROXY),
    ({"https_proxy": PROXY}, URL, PROXY),
    ({"HTTPS_PROXY": "proxy.example:3128"}, URL, PROXY),
    ({"HTTP_PROXY": PROXY}, URL, None),
    ({"HTTP_PROXY": PROXY}, "http://api.example.com/", PROXY),
    ({"ALL_PROXY": PROXY}, URL, PROXY),
    ({"HTTPS_PROXY": ""}, URL, None),
    ({"HTTPS_PROXY": PROXY}, "wss://wss.slack.com/", PROXY),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example.com"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "example.com"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": ".example.com, other"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "no_proxy": "*"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "example.org"}, URL, PROXY),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "notexample.com"}, URL, PROXY),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "127.0.0.1"}, "http://127.0.0.1:80/", None),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, "http://10.1.2.3/", None),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, "http://11.1.2.3/", PROXY),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*.example.com"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "localhost *.example.com"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "API.Example.com."}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example.com:443"}, URL, None),
    ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example.com:444"}, URL, PROXY),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "[::1]"}, "http://[::1]:3000/", None),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "::1"}, "http://[::1]:3000/", None),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "fd00::/8"}, "http://[fd00::5]/", None),
    ({"HTTP_PROXY": PROXY, "NO_PROXY": "fd00::/8"}, "http://[fe00::5]/", PROXY),
    ({"ALL_PROXY": PROXY, "HTTPS_PROXY": ""}, URL, PROXY),
]


@pytest.mark.parametrize(("environment", "url", "proxy"), WAYS)
def test_the_way_out_is_the_environments(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert network.proxy_for(url) == proxy


@asynccontextmanager
async def a_proxy(
    status: str = "HTTP/1.1 407 Proxy Authentication Required",
) -> AsyncIterator[tuple[str, list[str]]]:
    """Its address, and the first line of each request that came."""
    lines: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await reader.readline()).decode().strip())
        writer.write(f"{status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lines


async def test_an_api_is_asked_through_the_proxy_and_its_refusal_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_proxy() as (address, lines):
        monkeypatch.setenv("HTTPS_PROXY", address)
        async with client_for("https://api.example.com/", connections=1) as client:
            outcome = await Exchange("api", client)("GET", "/auth", headers={})
    assert isinstance(outcome, NotSent)
    assert outcome.error.startswith("the proxy: ")
    assert lines == ["CONNECT api.example.com:443 HTTP/1.1"]


async def test_slack_is_asked_through_the_proxy_and_its_refusal_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_proxy() as (address, lines):
        monkeypatch.setenv("HTTPS_PROXY", address)
        async with web_api.web_client("xoxb-x", "https://slack.com/api/") as client:
            with pytest.raises(web_api.SlackBusyError) as failed:
                await web_api.call(client.auth_test())
    assert failed.value.reason.startswith("the proxy: ")
    assert lines == ["CONNECT slack.com:443 HTTP/1.1"]


async def test_no_proxy_holds_for_slack_and_the_apis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_proxy() as (address, lines):
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        async with world(tmp_path) as bot:
            await bot.until(lambda: not bot.runtime.missing())
            await bot.until(lambda: bot.sandbox.kare.requests and bot.sandbox.immoteur.requests)
    assert lines == []


async def test_a_websocket_goes_the_way_of_its_own_host(
    bot: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_proxy() as (address, lines):
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("NO_PROXY", "localhost")
        url = bot.slack.api_url.replace("127.0.0.1", "localhost")
        async with connected(bot.runtime.app, App.app_token, url):
            await bot.until(lambda: lines)
    assert lines[0].startswith("GET ws://127.0.0.1:")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "socks5://user:pass-word@proxy.example"),
        ("ALL_PROXY", "ftp://proxy.example"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem"),
        ("CURL_CA_BUNDLE", "/nowhere/ca.pem"),
        ("SSL_CERT_DIR", "/nowhere"),
    ],
)
async def test_a_way_out_that_cannot_be_used_stops_the_start_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    settings = {"SLACK_API_URL": "https://slack.com/api/"}
    with pytest.raises(SettingsError) as wrong:
        async with world(tmp_path, settings=settings):
            pass
    assert len(wrong.value.faults) == 1
    assert name in wrong.value.faults[0]
    assert "pass-word" not in wrong.value.faults[0]


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environments_certificates_are_the_ones_that_are_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    context = ssl.create_default_context()
    authority = context.get_ca_certs(binary_form=True)[0]
    file = tmp_path / "ca.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(authority))
    monkeypatch.setenv(name, str(file))
    assert network.tls().get_ca_certs(binary_form=True) == [authority]


def test_a_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.example.com login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client = client_for("https://api.example.com/", connections=1)
    request = client.build_request("GET", "/x", headers={"Authorization": "Bearer t"})
    assert request.headers["authorization"] == "Bearer t"
    assert not client.trust_env


async def test_cookies_are_not_kept_and_no_encoding_is_asked_for() -> None:
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        response = web.json_response({"ok": True})
        response.set_cookie("a", "b" * 200)
        return response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with (
        serve(app) as url,
        client_for(f"{url}/", connections=1) as client,
        web_api.web_client("xoxb-x", f"{url}/api/") as slack,
    ):
        for _ in range(2):
            await Exchange("api", client)("GET", "/x", headers={})
            await web_api.call(slack.auth_test())
    assert len(seen) == 4
    assert [headers for headers in seen if "Cookie" in headers] == []
    assert {headers["Accept-Encoding"] for headers in seen} == {"identity"}


@pytest.mark.parametrize(
    "response",
    [
        web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}),
        web.Response(status=307, headers={"Location": "/elsewhere"}),
        web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["302", "307", "gzip"],
)
async def test_slack_is_not_followed_elsewhere_and_no_encoded_answer_is_taken(
    response: web.Response,
) -> None:
    paths: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=response.status, body=response.body, headers=response.headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with serve(app) as url, web_api.web_client("xoxb-x", f"{url}/api/") as slack:
        with pytest.raises(web_api.SlackNoAnswerError):
            await web_api.call(slack.auth_test())
    assert paths == ["/api/auth.test"]


async def test_an_encoded_answer_of_an_api_is_not_read() -> None:
    encoded = httpx.Response(201, headers={"Content-Encoding": "br"}, stream=httpx.ByteStream(b"x"))
    transport = httpx.MockTransport(lambda _: encoded)
    async with httpx.AsyncClient(base_url="http://api/", transport=transport) as client:
        outcome = await Exchange("api", client)("POST", "/x", headers={}, body={})
    assert isinstance(outcome, Answer)
    assert outcome.status == 201
    assert outcome.body is None


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 1),
        ("-5", 1),
        ("²", 1),
        ("", 1),
        ("soon", 1),
        ("30", 30),
        ("1" * 12, 900),
        ("9" * 500, 900),
    ],
)
async def test_slacks_retry_after_has_a_floor_and_a_ceiling(asked: str, seconds: float) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": asked}
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with serve(app) as url, web_api.web_client("xoxb-x", f"{url}/api/") as slack:
        with pytest.raises(web_api.SlackBusyError) as busy:
            await web_api.call(slack.auth_test())
    assert busy.value.seconds == seconds
    assert busy.value.limited
