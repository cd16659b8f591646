"""Every way an exchange with an API can go is one of four outcomes."""

import logging
from typing import Any

import httpx
import pytest

from bot.delivery.http_client import LIMIT, Answer, Cut, Exchange, NotSent, client_for
from sandbox.immoteur import Immoteur as StandIn
from sandbox.server import serve
from storage.api_calls import Call
from tests.bot.wire import Wire, app_with
from tests.log_lines import lines_of

SECRET = "s3cret"
PATH = "/immoteur/public/v1/auth"


async def exchanged(wire: Wire, body: Any = None) -> tuple[Answer | NotSent | Cut, Call]:
    calls: list[Call] = []
    async with wire.client() as client:
        exchange = Exchange("api", client, calls)
        outcome = await exchange("POST", "/things", headers={"Authorization": SECRET}, body=body)
    return outcome, calls[0]


@pytest.mark.parametrize(
    ("response", "body", "text"),
    [
        (httpx.Response(201, json={"a": 1}), {"a": 1}, ""),
        (httpx.Response(200, html="<h1>Back soon</h1>"), None, ""),
        (httpx.Response(201), None, ""),
        (httpx.Response(503, text=" Service\nUnavailable "), None, "Service\nUnavailable"),
        (httpx.Response(500, text="x" * 5000), None, "x" * 1000),
        (httpx.Response(200, content=b"\xff\xfe{}"), None, ""),
        (httpx.Response(200, content=b"[" * 200_000), None, ""),
        (httpx.Response(200, content=b"1" * 5000), None, ""),
        (httpx.Response(200, content=b'"' + b"x" * (LIMIT + 10) + b'"'), None, ""),
        (httpx.Response(302, headers={"location": "https://evil.example/"}), None, ""),
        (httpx.Response(404, json=None), None, ""),
    ],
    ids=["json", "page", "empty", "text", "long text", "no text", "deep", "digits", "huge",
         "redirect", "null"],
)  # fmt: skip
async def test_whatever_comes_back_is_an_answer(
    response: httpx.Response, body: Any, text: str
) -> None:
    wire = Wire(response)
    outcome, call = await exchanged(wire)
    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.body, outcome.text, call.status, len(wire.requests)) == (
        response.status_code,
        body,
        text,
        response.status_code,
        1,
    )


REQUEST = httpx.Request("POST", "https://api.example/base/things")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (httpx.ConnectError("refused"), NotSent("ConnectError: refused")),
        (httpx.ConnectTimeout(""), NotSent("ConnectTimeout")),
        (httpx.PoolTimeout("full"), NotSent("PoolTimeout: full")),
        (httpx.ReadTimeout("late"), Cut("ReadTimeout: late")),
        (httpx.WriteTimeout("late"), Cut("WriteTimeout: late")),
        (httpx.ReadError("reset"), Cut("ReadError: reset")),
        (httpx.WriteError("reset"), Cut("WriteError: reset")),
        (httpx.RemoteProtocolError("bye"), Cut("RemoteProtocolError: bye")),
        (httpx.DecodingError("gzip"), Cut("DecodingError: gzip")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_an_error_says_whether_the_request_may_have_arrived(
    error: Exception, outcome: NotSent | Cut
) -> None:
    found, call = await exchanged(Wire(error))
    assert (found, call.error, call.status) == (outcome, outcome.error, None)


async def test_the_body_is_json_in_utf_8_and_its_type_exactly_that() -> None:
    wire = Wire(httpx.Response(201, json={}))
    await exchanged(wire, [{"title": "“Été” <b> & \u202e"}])
    sent = wire.requests[0]
    assert (sent.headers["content-type"], sent.content.decode()) == (
        "application/json",
        '[{"title": "“Été” <b> & \u202e"}]',
    )


async def test_a_call_is_noted_without_headers_and_body(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, call = await exchanged(Wire(httpx.Response(200, json={"token": SECRET})), {"p": SECRET})
    noted = (call.api, call.method, call.path, call.status, call.error)
    assert noted == ("api", "POST", "/things", 200, None)
    assert SECRET not in repr(call)
    assert SECRET not in lines_of(caplog)


BAD_TOKENS = [f"{SECRET}\n", f"{SECRET}\r\nX-Evil: 1", f"{SECRET}é", f"{SECRET}…", f"\x00{SECRET}"]


@pytest.mark.parametrize("token", BAD_TOKENS, ids=ascii)
async def test_a_token_that_no_header_takes_sends_nothing_and_is_not_noted(token: str) -> None:
    """A real client, as it is the one that complains, and repeats the header when it does."""
    calls: list[Call] = []
    api = StandIn()
    async with serve(app_with(api)) as url, client_for(f"{url}/", connections=1) as client:
        exchange = Exchange("api", client, calls)
        outcome = await exchange("GET", PATH, headers={"Authorization": f"Bearer {token}"})
    assert isinstance(outcome, NotSent)
    assert SECRET not in repr((outcome, calls))
    assert api.requests == []


async def test_an_answer_that_never_comes_may_have_arrived() -> None:
    """A real client with less patience than it has in earnest."""
    api = StandIn()
    api.faults.always("hang", on="* /")
    async with serve(app_with(api)) as url, client_for(f"{url}/", connections=1) as client:
        client.timeout = httpx.Timeout(5, read=0.1)
        outcome = await Exchange("api", client)("POST", PATH, headers={}, body={})
    assert (outcome, [request.method for request in api.requests]) == (Cut("ReadTimeout"), ["POST"])


async def test_a_server_that_is_not_there_was_sent_nothing() -> None:
    async with serve(app_with(StandIn())) as url:
        address = url
    async with client_for(f"{address}/", connections=1) as client:
        outcome = await Exchange("api", client)("POST", PATH, headers={}, body={})
    assert isinstance(outcome, NotSent)


async def test_a_client_follows_no_redirect_and_reads_no_netrc() -> None:
    async with client_for("https://api.example/base/", connections=3) as client:
        assert (client.follow_redirects, client.trust_env, client.timeout) == (
            False,
            False,
            httpx.Timeout(connect=5, write=10, read=35, pool=5),
        )
