"""Immoteur's client: what it sends, to the letter, and what it makes of the answers."""

from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.delivery.api import accepts
from bot.delivery.http_client import Answer, Created, NotSent
from bot.immoteur.client import Immoteur
from sandbox.immoteur import Immoteur as StandIn
from sandbox.immoteur.api import TOKEN
from sandbox.server import serve
from storage.api_calls import Call
from tests.bot.wire import Wire, app_with
from tests.world import ID, OTHER_ID

REPORT_ID = "5f0c9f7e-1111-4222-8333-444455556666"
BODY = {
    "propertyIds": [ID, OTHER_ID],
    "issueKind": "clustering",
    "clusteringAction": "merge",
    "comment": "même bien",
}
CREATED = {"createdAt": "2026-01-02T03:04:05.678Z", "reportId": REPORT_ID}


async def filed(wire: Wire) -> tuple[Any, list[Call]]:
    calls: list[Call] = []
    async with wire.client("https://api.immoteur.com/public/v1/") as client:
        outcome = await Immoteur(client, SecretStr("imt_1")).file(BODY, calls)
    return outcome, calls


async def test_a_report_is_one_post_of_the_documented_body() -> None:
    wire = Wire(httpx.Response(201, json=CREATED))
    await filed(wire)
    headers = wire.requests[0].headers
    assert (
        wire.asked,
        wire.bodies,
        [headers[name] for name in ("authorization", "content-type", "accept")],
    ) == (
        ["POST https://api.immoteur.com/public/v1/issues"],
        [BODY],
        ["Bearer imt_1", "application/json", "application/json"],
    )


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678000+00:00"),
        ("2026-01-02T04:04:05+01:00", "2026-01-02T04:04:05+01:00"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00"),
    ],
)
async def test_any_2xx_with_a_receipt_is_a_report_that_was_created(
    status: int, at: str, kept: str
) -> None:
    answer = {"createdAt": at, "reportId": REPORT_ID.upper(), "more": 1}
    outcome, _ = await filed(Wire(httpx.Response(status, json=answer)))
    assert isinstance(outcome, Created)
    assert (outcome.remote_id, outcome.answer["createdAt"]) == (REPORT_ID, kept)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        "ok",
        {"reportId": REPORT_ID},
        {"createdAt": CREATED["createdAt"]},
        CREATED | {"reportId": "12"},
        CREATED | {"reportId": None},
        CREATED | {"createdAt": "yesterday"},
    ],
    ids=str,
)
async def test_a_2xx_without_a_receipt_is_only_an_answer(answer: Any) -> None:
    outcome, _ = await filed(Wire(httpx.Response(201, json=answer)))
    assert (type(outcome), outcome.status) == (Answer, 201)


async def test_a_401_says_that_our_token_is_not_good() -> None:
    wire = Wire(httpx.Response(401, json={"message": "no"}))
    outcome, _ = await filed(wire)
    assert (outcome.authorized, len(wire.requests)) == (False, 1)


@pytest.mark.parametrize(("status", "authorized"), [(200, True), (401, False), (500, False)])
async def test_a_403_is_looked_into_once(status: int, authorized: bool) -> None:  # noqa: FBT001
    wire = Wire(httpx.Response(403), httpx.Response(status, json={}))
    outcome, calls = await filed(wire)
    assert (outcome.status, outcome.authorized, [call.path for call in calls]) == (
        403,
        authorized,
        ["/issues", "/auth"],
    )


async def test_a_refusal_keeps_what_the_api_said_by_field() -> None:
    body = {"errors": {"propertyIds.0": ["Unknown"]}}
    outcome, _ = await filed(Wire(httpx.Response(422, json=body)))
    assert (outcome.status, outcome.body) == (422, body)


async def test_a_token_is_checked_by_asking_who_it_belongs_to() -> None:
    wire = Wire(httpx.Response(200, json={"email": "a@b.fr"}), httpx.ConnectError("x"))
    async with wire.client() as client:
        api = Immoteur(client, SecretStr("imt_1"))
        answers = [accepts(await api.check([])) for _ in range(2)]
    assert answers == [True, False]
    assert wire.asked[0] == "GET https://api.example/base/auth"


async def test_nothing_reached_is_not_sent() -> None:
    outcome, _ = await filed(Wire(httpx.ConnectError("no route")))
    assert outcome == NotSent("ConnectError: no route")


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        {"propertyIds": [ID], "issueKind": "data", "issueFacets": ["price"]},
        {"propertyIds": [ID], "issueKind": "other", "comment": "x" * 4000},
        {
            "propertyIds": [ID],
            "classifiedIds": [OTHER_ID],
            "issueKind": "clustering",
            "clusteringAction": "split",
        },
    ],
    ids=["merge", "data", "other", "split"],
)
async def test_the_stand_in_takes_what_is_sent(body: dict[str, Any]) -> None:
    api = StandIn()
    async with (
        serve(app_with(api)) as url,
        httpx.AsyncClient(base_url=f"{url}/immoteur/public/v1/") as client,
    ):
        outcome = await Immoteur(client, SecretStr(TOKEN)).file(body, [])
    assert isinstance(outcome, Created)
    assert [(issue.report_id, issue.body) for issue in api.issues] == [(outcome.remote_id, body)]
