"""Each API's error answers have its own shape, and nothing is saved."""

import httpx
import pytest

from sandbox.faults import ApiFault
from sandbox.immoteur import Immoteur
from sandbox.kare import Kare
from tests.sandbox_apis.errors import IMMOTEUR_ERRORS, KARE_ERRORS, NONCONFORMITY
from tests.sandbox_apis.facts import anomaly, issue


@pytest.mark.parametrize(("status", "body", "retry_after"), IMMOTEUR_ERRORS)
async def test_immoteur_answers_each_error_in_its_own_shape_and_saves_nothing(
    to_immoteur: httpx.AsyncClient,
    immoteur: Immoteur,
    status: int,
    body: bytes,
    retry_after: str | None,
) -> None:
    immoteur.faults.always(status)

    answer = await to_immoteur.post("/issues", json=issue())

    response = (answer.status_code, answer.content, answer.headers.get("Retry-After"))
    assert (response, immoteur.issues) == ((status, body, retry_after), [])


@pytest.mark.parametrize(("status", "body", "retry_after"), KARE_ERRORS)
async def test_kare_answers_each_error_like_the_gateway_and_saves_nothing(
    to_kare: httpx.AsyncClient, kare: Kare, status: int, body: bytes, retry_after: str | None
) -> None:
    kare.faults.always(status)

    answer = await to_kare.post(NONCONFORMITY, json=[anomaly()])

    response = (answer.status_code, answer.content, answer.headers.get("Retry-After"))
    assert (response, kare.anomalies) == ((status, body, retry_after), [])


async def test_retry_after_is_the_reset_of_immoteurs_limit_too(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.faults.always(ApiFault("429", retry_after=7))

    headers = (await to_immoteur.post("/issues", json=issue())).headers

    names = ("Retry-After", "RateLimit-Reset", "RateLimit-Remaining")
    assert [headers[name] for name in names] == ["7", "7", "0"]


async def test_retry_after_can_be_left_out(to_kare: httpx.AsyncClient, kare: Kare) -> None:
    kare.faults.always(ApiFault("429", retry_after=None))

    answer = await to_kare.post(NONCONFORMITY, json=[anomaly()])

    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(
    "fault",
    [
        ApiFault("html", saved=True),
        ApiFault("empty"),
        ApiFault("nonsense"),
        ApiFault("slow_after", 0),
    ],
)
async def test_a_wrong_report_is_refused_even_in_trouble(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur, fault: ApiFault
) -> None:
    immoteur.faults.always(fault)

    answer = await to_immoteur.post("/issues", json=issue(comment=""))

    assert (answer.status_code, immoteur.issues) == (422, [])
