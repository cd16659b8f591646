"""KARE's client logs in: one login for many calls, renewed before the session ends."""

import asyncio
import base64
import json
from email.utils import formatdate

import httpx
import pytest
from pydantic import SecretStr

from bot.delivery.http_client import Answer, Created, NotSent
from bot.kare.client import Kare
from bot.kare.session import Login, expires_at
from sandbox.kare import Kare as StandIn
from sandbox.kare.api import EMAIL, PASSWORD
from sandbox.server import serve
from tests.bot.kare_client import (
    CREATED,
    LOGIN,
    PAYLOAD,
    T0,
    Stopped,
    filed,
    jwt,
    logged_in,
)
from tests.bot.wire import Wire, app_with

DAY = 86_400


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(401, json={"message": "no: pass-word"}), Answer(401, authorized=False)),
        (httpx.Response(400, text="bad"), Answer(401, authorized=False)),
        (httpx.Response(201, json={"data": {}}), Answer(401, authorized=False)),
        (httpx.Response(200, html="<h1>x</h1>"), Answer(401, authorized=False)),
        (httpx.Response(502, text="Bad Gateway"), NotSent("the login answered 502")),
        (httpx.ReadTimeout("late"), NotSent("ReadTimeout: late")),
        (httpx.ConnectError("no"), NotSent("ConnectError: no")),
    ],
    ids=["wrong", "400", "no tokens", "a page", "502", "late", "unreachable"],
)
async def test_a_login_that_fails_sent_no_report_and_repeats_nothing_it_was_given(
    answer: httpx.Response | Exception, outcome: Answer | NotSent
) -> None:
    found, calls = await filed(Wire(answer), login=LOGIN)
    assert found == outcome
    assert "pass-word" not in repr((found, calls))


async def test_a_login_that_is_limited_says_how_long_to_wait() -> None:
    wire = Wire(httpx.Response(429, headers={"Retry-After": "30"}))
    outcome, _ = await filed(wire, login=LOGIN)
    assert (outcome.status, outcome.headers["retry-after"]) == (429, "30")


@pytest.mark.parametrize(
    ("lasts", "passed", "logins"),
    [(DAY, DAY - 61, 1), (DAY, DAY - 60, 2), (60, 29, 1), (60, 30, 2), (-1, 0, 1), (-1, DAY, 1)],
)
async def test_a_session_is_renewed_before_its_jwt_ends(
    lasts: float, passed: float, logins: int
) -> None:
    """One that has ended when it is given says nothing of use: the machine's date may be wrong."""
    clock = Stopped()

    def answer(request: httpx.Request) -> httpx.Response:
        return logged_in(1, expires=T0 + lasts) if "login" in request.url.path else CREATED

    wire = Wire(answer)
    async with wire.client() as client:
        kare = Kare(client, login=LOGIN, clock=clock)
        await kare.file(PAYLOAD, [])
        clock.passed = passed
        await kare.file(PAYLOAD, [])
    assert len([request for request in wire.asked if "login" in request]) == logins


async def test_a_machine_whose_date_is_years_ahead_logs_in_once() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "login" not in request.url.path:
            return CREATED
        response = logged_in(1, expires=T0 + DAY)
        response.headers["Date"] = formatdate(T0, usegmt=True)
        return response

    clock = Stopped()
    clock.ahead = 1000 * DAY
    wire = Wire(answer)
    async with wire.client() as client:
        kare = Kare(client, login=LOGIN, clock=clock)
        for _ in range(3):
            await kare.file(PAYLOAD, [])
    assert len([request for request in wire.asked if "login" in request]) == 1


@pytest.mark.parametrize("token", ["", "a b", "line\nbreak", "€", "half \ud83d"], ids=ascii)
async def test_a_login_that_gives_tokens_no_header_can_carry_is_a_refused_one(token: str) -> None:
    """The next report logs in again, instead of failing for ever."""
    tokens = {"accessToken": "acc", "refreshToken": "r", "sessionToken": token}
    unusable = httpx.Response(201, content=json.dumps({"data": tokens}))
    wire = Wire(unusable, logged_in(1), CREATED)
    async with wire.client() as client:
        kare = Kare(client, login=LOGIN, clock=Stopped())
        first = await kare.file(PAYLOAD, [])
        second = await kare.file(PAYLOAD, [])
    assert first == Answer(401, authorized=False)
    assert type(second) is Created


async def test_a_login_may_give_the_same_tokens_again() -> None:
    wire = Wire(logged_in(1), CREATED, httpx.Response(401), logged_in(1), CREATED)
    async with wire.client() as client:
        kare = Kare(client, login=LOGIN, clock=Stopped())
        outcomes = [await kare.file(PAYLOAD, []) for _ in range(2)]
    assert [type(outcome) for outcome in outcomes] == [Created, Created]


@pytest.mark.parametrize(
    ("token", "ends"),
    [
        (jwt({"exp": 1_900_000_000}), 1_900_000_000.0),
        (jwt({"exp": 1.5}), 1.5),
        (jwt({"exp": float("nan")}), None),
        (jwt({"exp": float("inf")}), None),
        (jwt({"exp": -1}), None),
        (jwt({"exp": "1900000000"}), None),
        (jwt({"exp": 10**400}), None),
        (jwt({"exp": True}), None),
        (jwt({"iat": 1}), None),
        (jwt([1]), None),
        ("a." + base64.urlsafe_b64encode(b"[" * 50_000).decode() + ".c", None),
        ("opaque", None),
        ("a.b.c", None),
        ("a.!!!.c", None),
        ("a.é.c", None),
        ("a..c", None),
        ("", None),
    ],
)
def test_a_jwt_says_when_it_ends_and_other_tokens_do_not(token: str, ends: float | None) -> None:
    assert expires_at(token) == ends


async def with_stand_in(at_once: int, *, revoked: bool = False) -> tuple[int, int]:
    """Logins, and anomalies created, of so many reports at once."""
    api = StandIn()
    async with (
        serve(app_with(api)) as url,
        httpx.AsyncClient(base_url=f"{url}/kare/main/") as client,
    ):
        kare = Kare(client, login=Login(EMAIL, SecretStr(PASSWORD)))
        if revoked:
            await kare.file(PAYLOAD, [])
            api.revoke()
        await asyncio.gather(*(kare.file(PAYLOAD, []) for _ in range(at_once)))
    return api.logins, len(api.anomalies)


async def test_many_at_once_log_in_once() -> None:
    assert await with_stand_in(20) == (1, 20)


async def test_many_at_once_log_in_once_more_after_the_tokens_were_revoked() -> None:
    assert await with_stand_in(20, revoked=True) == (2, 21)
