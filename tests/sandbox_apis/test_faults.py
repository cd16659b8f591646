import asyncio
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from sandbox.faults import KINDS, Answer, ApiFault, ApiFaults
from sandbox.immoteur import Immoteur
from sandbox.kare import Kare
from sandbox.patience import PATIENCE
from tests.sandbox_apis.errors import KARE_ERRORS, NONCONFORMITY
from tests.sandbox_apis.facts import T0, anomaly, issue

BRIEF = httpx.Timeout(5, read=0.2)
NO_ANSWER = (httpx.RemoteProtocolError, httpx.ReadError)


async def attempt(
    client: httpx.AsyncClient, path: str, body: object, *, patient: bool = True
) -> tuple[object, ...]:
    """Status and content type, or the kind of exception."""
    try:
        answer = await client.post(path, json=body, timeout=5 if patient else BRIEF)
    except httpx.TimeoutException as error:
        return (type(error),)
    except NO_ANSWER:
        return ("cut",)
    return answer.status_code, answer.headers.get("Content-Type", "").split(";")[0]


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not done():
            await asyncio.sleep(0.01)


TEA = (("Content-Type", "text/tea"),)
TROUBLES = [
    (ApiFault("down"), ("cut",), 0),
    (ApiFault("cut_before"), ("cut",), 0),
    (ApiFault("cut"), ("cut",), 1),
    (ApiFault("slow", seconds=0.01), (201, "application/json"), 1),
    (ApiFault("slow", seconds=0.5), (httpx.ReadTimeout,), 1),
    (ApiFault("slow_after", seconds=0.01), (201, "application/json"), 1),
    (ApiFault("slow_after", seconds=60), (httpx.ReadTimeout,), 1),
    (ApiFault("hang"), (httpx.ReadTimeout,), 0),
    (ApiFault("hang", saved=True), (httpx.ReadTimeout,), 1),
    (ApiFault("hang", seconds=0.01), ("cut",), 0),
    (ApiFault("html"), (200, "text/html"), 0),
    (ApiFault("html", saved=True), (200, "text/html"), 1),
    (ApiFault("empty"), (201, ""), 1),
    (ApiFault("nonsense"), (201, "application/json"), 1),
    (ApiFault("answer", answer=Answer(201, b"{}"), saved=True), (201, "application/json"), 1),
    (ApiFault("answer", answer=Answer(418, b"<tea>", TEA)), (418, "text/tea"), 0),
    (ApiFault("504", saved=True), (504, "text/html"), 1),
]
NAMES = [f"{fault.kind} {seen[0]} {saved}" for fault, seen, saved in TROUBLES]


@pytest.mark.parametrize(("fault", "seen", "saved"), TROUBLES, ids=NAMES)
async def test_a_caller_of_immoteur_sees_the_trouble_and_the_report_is_saved_or_not(
    to_immoteur: httpx.AsyncClient,
    immoteur: Immoteur,
    fault: ApiFault,
    seen: tuple[object, ...],
    saved: int,
) -> None:
    immoteur.faults.always(fault)

    patient = seen != (httpx.ReadTimeout,)
    assert await attempt(to_immoteur, "/issues", issue(), patient=patient) == seen
    await until(lambda: len(immoteur.issues) >= saved)
    assert len(immoteur.issues) == saved


@pytest.mark.parametrize(("fault", "seen", "saved"), TROUBLES, ids=NAMES)
async def test_a_caller_of_kare_sees_the_trouble_and_the_anomaly_is_saved_or_not(
    to_kare: httpx.AsyncClient, kare: Kare, fault: ApiFault, seen: tuple[object, ...], saved: int
) -> None:
    kare.faults.always(fault)
    gateway = (504, "application/json") if fault.kind == "504" else seen

    patient = seen != (httpx.ReadTimeout,)
    assert await attempt(to_kare, NONCONFORMITY, [anomaly()], patient=patient) == gateway
    await until(lambda: len(kare.anomalies) >= saved)
    assert len(kare.anomalies) == saved


async def test_trouble_stops_after_the_next_requests_or_when_it_is_told_to(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    async def post() -> int:
        return (await to_immoteur.post("/issues", json=issue())).status_code

    immoteur.faults.next(2, 503)
    for_two = [await post() for _ in range(3)]
    immoteur.faults.always(500)
    until_told = [await post(), await post()]
    immoteur.faults.stop()

    assert (for_two, until_told, await post()) == ([503, 503, 201], [500, 500], 201)


async def test_trouble_is_of_the_filing_request_unless_told_otherwise(
    to_kare: httpx.AsyncClient, kare: Kare
) -> None:
    async def look() -> list[int]:
        posted = await to_kare.post(NONCONFORMITY, json=[anomaly()])
        listed = [await to_kare.get(path) for path in ("/anomalies/v3/rs", "/commissions/v2/rs")]
        return [message.status_code for message in (posted, *listed)]

    seen = []
    for on in (None, "GET /anomalies", "* /"):
        kare.faults.stop()
        kare.faults.always(502, on=on)
        seen.append(await look())

    assert seen == [[502, 200, 200], [201, 502, 200], [502, 502, 502]]


def test_the_trouble_set_last_is_asked_first() -> None:
    trouble = ApiFaults("POST /issues")
    trouble.always(500)
    trouble.next(1, "cut")

    assert [trouble.pick("POST", "/issues") for _ in range(2)] == [ApiFault("cut"), ApiFault("500")]


def test_a_mix_keeps_its_shares_and_is_the_same_for_a_seed() -> None:
    def drawn(seed: int) -> list[str | None]:
        trouble = ApiFaults("POST /issues")
        trouble.mix({"cut": 0.25, 503: 0.25}, seed=seed)
        picked = [trouble.pick("POST", "/issues") for _ in range(1000)]
        return [fault.kind if fault else None for fault in picked]

    assert drawn(1) == drawn(1) != drawn(2)
    assert Counter(drawn(1)) == {None: 527, "cut": 227, "503": 246}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ApiFault("flood"),
        lambda: ApiFault("418"),
        lambda: ApiFault("cut", saved=False),
        lambda: ApiFault("answer"),
        lambda: ApiFault("cut", answer=Answer(200)),
        lambda: ApiFaults("POST /").mix({"cut": 0.6, "down": 0.6}),
    ],
)
def test_trouble_that_does_not_exist_is_an_error(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"no such fault|itself says|belongs to|add up"):
        wrong()


def test_every_kind_is_described_and_tried_here() -> None:
    tried = {fault.kind for fault, _, _ in TROUBLES} | {str(row[0]) for row in KARE_ERRORS}

    assert tried == KINDS


async def test_every_request_is_recorded_with_what_was_answered_and_no_secret(
    to_kare: httpx.AsyncClient, kare: Kare
) -> None:
    login = {"email": "sandbox@constat.example", "password": "sandbox-password"}
    kare.faults.next(1, "cut")

    await to_kare.post("/auth/v1/rs/login/credentials", json=login)
    await attempt(to_kare, NONCONFORMITY, [anomaly()])
    await to_kare.get("/establishments/v2/rs?page=2")

    records = [(r.method, r.path, r.query, r.body, r.status, r.at) for r in kare.requests]
    assert records == [
        (
            "POST",
            "/auth/v1/rs/login/credentials",
            {},
            {"email": "sandbox@constat.example", "password": "…"},
            201,
            T0,
        ),
        ("POST", NONCONFORMITY, {}, [anomaly()], None, T0),
        ("GET", "/establishments/v2/rs", {"page": "2"}, None, 200, T0),
    ]
    assert kare.requests[1].headers >= {"authorization", "x-session-token", "content-type"}
    session = to_kare.headers["X-Session-Token"]
    assert session not in repr(kare.requests)


async def test_a_request_that_is_down_is_recorded_unread(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.faults.always("down")

    await attempt(to_immoteur, "/issues", issue())

    assert [(r.path, r.body, r.status) for r in immoteur.requests] == [("/issues", None, None)]
