"""KARE's client: both tokens in every call, one login for many, and what is made of answers."""

from email.utils import formatdate
from typing import Any

import httpx
import pytest

from bot.delivery.api import Found
from bot.delivery.http_client import Answer, Created, Cut
from bot.kare.client import Kare
from tests.bot.kare_client import (
    ANOMALY,
    CREATED,
    LOGIN,
    PAYLOAD,
    READY,
    T0,
    Stopped,
    filed,
    logged_in,
)
from tests.bot.wire import Wire


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
    assert (type(outcome), [call.status for call in calls]) == (Created, [201, status, 201, 201])


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
    assert (outcome.status, outcome.authorized, [call.path for call in calls]) == (
        403,
        authorized,
        ["/anomalies/v2/rs/reports/1204/nonconformity", "/commissions/v2/rs"],
    )


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


@pytest.mark.parametrize("odd", [{"siteId": [31]}, {"siteId": None}, {"title": ["x"]}, {}])
async def test_an_odd_row_among_those_created_settles_nothing(odd: dict[str, Any]) -> None:
    created = {"createdAt": "2027-01-15T08:00:01Z"}  # a second after T0
    rows = [created | odd, ANOMALY | created]
    answered = {"Date": formatdate(T0, usegmt=True)}
    pages = [httpx.Response(200, json={"data": some}, headers=answered) for some in (rows, [])]
    async with Wire(*pages).client("https://kare.example/main/") as client:
        found = await Kare(client, session=READY, clock=Stopped()).find(PAYLOAD, T0, [])
    assert found == Found("1204", {"nbInsertion": 1, "sent": 1})
