import base64
import json

import httpx
import pytest

from sandbox.kare import Kare, Tokens
from tests.sandbox_apis.facts import T0, Clock, anomaly

LOGIN = "/auth/v1/rs/login/credentials"
PATHS = [
    ("POST", "/anomalies/v2/rs/reports/1/nonconformity"),
    ("GET", "/anomalies/v3/rs"),
    ("GET", "/establishments/v2/rs"),
    ("GET", "/sites-technical-installations/v1/rs"),
    ("GET", "/commissions/v2/rs"),
]
GOOD = {"email": "sandbox@constat.example", "password": "sandbox-password"}


async def call(client: httpx.AsyncClient, method: str, path: str, tokens: Tokens) -> int:
    headers = {"Authorization": f"Bearer {tokens.access}", "X-Session-Token": tokens.session}
    body = [anomaly()] if method == "POST" else None
    return (await client.request(method, path, headers=headers, json=body)).status_code


async def test_a_login_answers_three_tokens_and_its_pair_opens_the_lists(
    to_kare: httpx.AsyncClient, kare: Kare
) -> None:
    answer = await to_kare.post(LOGIN, json=GOOD)

    data = answer.json()["data"]
    assert (answer.status_code, sorted(data)) == (
        201,
        ["accessToken", "refreshToken", "sessionToken"],
    )
    tokens = Tokens(data["accessToken"], data["sessionToken"])
    assert await call(to_kare, "GET", "/commissions/v2/rs", tokens) == 200
    assert kare.logins == 1


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (GOOD | {"password": "another-password"}, 401, "Unauthorized"),
        (GOOD | {"email": "other@constat.example"}, 401, "Unauthorized"),
        (GOOD | {"password": "short"}, 400, "password: String should have at least 6 characters"),
        (
            GOOD | {"password": "p" * 101},
            400,
            "password: String should have at most 100 characters",
        ),
        (GOOD | {"email": "e" * 251}, 400, "email: String should have at most 250 characters"),
        (GOOD | {"remember": True}, 400, "remember: Unknown key"),
        ({"email": "sandbox@constat.example"}, 400, "password: Required"),
        ([], 400, "Must be an object"),
    ],
)
async def test_a_wrong_login_is_refused_and_not_counted(
    to_kare: httpx.AsyncClient, kare: Kare, body: object, status: int, message: str
) -> None:
    answer = await to_kare.post(LOGIN, json=body)

    assert (answer.status_code, answer.json()) == (status, {"message": message})
    assert kare.logins == 0


async def test_the_right_password_is_refused_once_the_switch_says_so(
    to_kare: httpx.AsyncClient, kare: Kare
) -> None:
    kare.login_refused = True

    assert (await to_kare.post(LOGIN, json=GOOD)).status_code == 401


async def test_the_session_token_is_a_jwt_valid_for_24_hours(kare: Kare) -> None:
    header, claims, _ = kare.issue_tokens().session.split(".")

    read = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims)]
    assert read[0] == {"alg": "HS256", "typ": "JWT"}
    assert (read[1]["iat"], read[1]["exp"]) == (T0, T0 + 24 * 3600)


async def test_a_session_token_may_also_be_opaque(to_kare: httpx.AsyncClient, kare: Kare) -> None:
    kare.opaque_session = True
    tokens = kare.issue_tokens()

    assert "." not in tokens.session
    assert await call(to_kare, "GET", "/anomalies/v3/rs", tokens) == 200


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_every_path_asks_for_both_tokens_each_in_its_place(
    to_kare: httpx.AsyncClient, kare: Kare, method: str, path: str
) -> None:
    pair, other = kare.issue_tokens(), kare.issue_tokens()

    statuses = [
        await call(to_kare, method, path, tokens)
        for tokens in (
            Tokens(pair.session, pair.access),
            Tokens(pair.access, ""),
            Tokens("another-token", pair.session),
            Tokens(pair.access, other.session),
        )
    ]

    assert (statuses, kare.anomalies) == ([401] * 4, [])


async def test_tokens_end_after_24_hours(
    to_kare: httpx.AsyncClient, kare: Kare, clock: Clock
) -> None:
    tokens, statuses = kare.issue_tokens(), []

    for now in (T0 + 24 * 3600 - 1, T0 + 24 * 3600):
        clock.now = now
        statuses.append(await call(to_kare, "GET", "/anomalies/v3/rs", tokens))

    assert statuses == [200, 401]


@pytest.mark.parametrize(("status", "message"), [(401, "Unauthorized"), (403, "Forbidden")])
async def test_revoked_tokens_are_refused_and_a_new_login_works(
    to_kare: httpx.AsyncClient, kare: Kare, status: int, message: str
) -> None:
    kare.refusal_status = status
    kare.revoke()

    refused = await to_kare.get("/anomalies/v3/rs")

    assert (refused.status_code, refused.json()) == (status, {"message": message})
    assert await call(to_kare, "GET", "/anomalies/v3/rs", kare.issue_tokens()) == 200
