"""KARE's client: both tokens in every call, one login for many, and what is made of answers."""

import asyncio
import base64
import json
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.clock import Clock
from bot.delivery.api import Found
from bot.delivery.http_client import Answer, Created, Cut, NotSent
from bot.kare.client import Kare
from bot.kare.session import Login, Session, expires_at
from sandbox.kare import Kare as StandIn
from sandbox.kare.api import EMAIL, PASSWORD
from sandbox.server import serve
from storage.api_calls import Call
from tests.bot.wire import Wire, app_with

T0 = 1_800_000_000.0


class Stopped(Clock):
    """A clock that a test moves by hand."""

    passed = 0.0
    ahead = 0.0

    def time(self) -> float:
        return T0 + self.passed + self.ahead

    def monotonic(self) -> float:
        return self.passed


DAY = 86_400
ANOMALY = {
    "title": "Exit blocked",
    "description": "Boxes before the door",
    "risk": 2,
    "technicalInstallationId": 7,
    "siteId": 31,
    "dueAt": "2027-12-01T12:34:56.000Z",
    "location": {"floor": "2"},
}
PAYLOAD = {"reportId": 1204, "anomalies": [ANOMALY]}
CREATED = httpx.Response(201, json={"nbInsertion": 1})
READY = Session(SecretStr("acc"), SecretStr("ses"))
LOGIN = Login("a@b.fr", SecretStr("pass-word"))


def jwt(claims: Any) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{middle}.c2ln"


def logged_in(number: int, *, expires: float | None = None) -> httpx.Response:
    session = f"ses{number}" if expires is None else jwt({"exp": expires})
    tokens = {"accessToken": f"acc{number}", "refreshToken": "r", "sessionToken": session}
    return httpx.Response(201, json={"data": tokens})


async def filed(wire: Wire, **kare: Any) -> tuple[Any, list[Call]]:
    calls: list[Call] = []
    async with wire.client("https://kare.example/main/") as client:
        outcome = await Kare(client, clock=Stopped(), **kare).file(PAYLOAD, calls)
    return outcome, calls


async def test_a_report_is_one_post_of_a_bare_array_with_both_tokens() -> None:
    wire = Wire(CREATED)
    outcome, _ = await filed(wire, session=READY)
    headers = wire.requests[0].headers
    assert (
        outcome,
        wire.asked,
        wire.bodies,
        [headers[name] for name in ("authorization", "x-session-token", "content-type")],
    ) == (
        Created("1204", {"nbInsertion": 1, "sent": 1}),
        ["POST https://kare.example/main/anomalies/v2/rs/reports/1204/nonconformity"],
        [[ANOMALY]],
        ["Bearer acc", "ses", "application/json"],
    )


async def test_a_login_sends_its_tokens_to_the_headers_that_they_are_named_after() -> None:
    wire = Wire(logged_in(1), CREATED)
    await filed(wire, login=LOGIN)
    login, post = wire.requests
    assert str(login.url) == "https://kare.example/main/auth/v1/rs/login/credentials"
    assert wire.bodies[0] == {"email": "a@b.fr", "password": "pass-word"}
    assert "authorization" not in login.headers
    assert post.headers["authorization"] == "Bearer acc1"
    assert post.headers["x-session-token"] == "ses1"


@pytest.mark.parametrize("status", [401, 403])
async def test_what_was_refused_is_sent_once_more_after_a_new_login(status: int) -> None:
    wire = Wire(logged_in(1), httpx.Response(status), logged_in(2), CREATED)
    outcome, calls = await filed(wire, login=LOGIN)
    assert (type(outcome), [one.status for one in calls]) == (Created, [201, status, 201, 201])


async def test_after_a_second_401_it_stops() -> None:
    wire = Wire(logged_in(1), httpx.Response(401), logged_in(2), httpx.Response(401))
    outcome, calls = await filed(wire, login=LOGIN)
    assert (outcome.status, outcome.authorized, len(calls)) == (401, False, 4)


async def test_ready_tokens_without_a_login_are_tried_once() -> None:
    wire = Wire(httpx.Response(401, json={"message": "The incoming token has expired"}))
    outcome, calls = await filed(wire, session=READY)
    assert (outcome.authorized, outcome.body, len(calls)) == (
        False,
        {"message": "The incoming token has expired"},
        1,
    )


@pytest.mark.parametrize(("status", "authorized"), [(200, True), (403, False), (500, False)])
async def test_a_403_is_looked_into(status: int, authorized: bool) -> None:  # noqa: FBT001
    """Whether it is the tokens, or this report alone, which must not hold up the others."""
    wire = Wire(httpx.Response(403), httpx.Response(status, json={"data": []}))
    outcome, calls = await filed(wire, session=READY)
    assert (outcome.status, outcome.authorized, [one.path for one in calls]) == (
        403,
        authorized,
        ["/anomalies/v2/rs/reports/1204/nonconformity", "/commissions/v2/rs"],
    )


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
    ("answer", "outcome"),
    [
        (httpx.Response(201, json={"nbInsertion": 0}),
         Created("1204", {"nbInsertion": 0, "sent": 1})),
        (httpx.Response(200, json={"nbInsertion": "1"}),
         Created("1204", {"nbInsertion": 1, "sent": 1})),
        (httpx.ReadTimeout("late"), Cut("ReadTimeout: late")),
    ],
    ids=["none", "as text", "late"],
)  # fmt: skip
async def test_what_kare_answered_says_how_many_there_are(
    answer: httpx.Response | Exception, outcome: Created | Cut
) -> None:
    assert (await filed(Wire(answer), session=READY))[0] == outcome


@pytest.mark.parametrize(
    "answer",
    [{}, [], None, {"nbInsertion": None}, {"nbInsertion": "many"}, {"nbInsertion": 1.5}, "ok"],
    ids=str,
)
async def test_a_201_that_does_not_say_how_many_is_only_an_answer(answer: Any) -> None:
    outcome, _ = await filed(Wire(httpx.Response(201, json=answer)), session=READY)
    assert (type(outcome), outcome.status) == (Answer, 201)


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
    assert len([one for one in wire.asked if "login" in one]) == logins


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
    assert len([one for one in wire.asked if "login" in one]) == 1


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


@pytest.mark.parametrize("odd", [{"siteId": [31]}, {"siteId": None}, {"title": ["x"]}, {}])
async def test_an_odd_row_among_those_created_settles_nothing(odd: dict[str, Any]) -> None:
    rows = [{"createdAt": "2099-01-01T00:00:00Z"} | odd, {**ANOMALY, "createdAt": "2099-01-01"}]
    answered = {"Date": formatdate(T0, usegmt=True)}
    pages = [httpx.Response(200, json={"data": some}, headers=answered) for some in (rows, [])]
    async with Wire(*pages).client("https://kare.example/main/") as client:
        found = await Kare(client, session=READY, clock=Stopped()).find(PAYLOAD, T0, [])
    assert found == Found("1204", {"nbInsertion": 1, "sent": 1})
