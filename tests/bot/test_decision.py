"""What each outcome means, as a table."""

import time

import pytest

from bot.delivery.decision import Decision, Doubt, Filed, Hold, Refuse, Wait, backoff, decide
from bot.delivery.http_client import Answer, Created, Cut, NotSent, Outcome

T0 = 1_800_000_000.0
FIELDS = {"propertyIds.0": ["does not exist"]}

TABLE: list[tuple[str, Outcome, Decision]] = [
    ("created", Created("r1", {"createdAt": "x"}), Filed("r1", {"createdAt": "x"})),
    ("nothing sent", NotSent("ConnectError"), Wait(5, {"why": "unreachable"})),
    ("cut", Cut("ReadTimeout"), Doubt({"why": "cut"})),
    ("429 plain", Answer(429), Wait(5, {"why": "busy", "status": 429})),
    (
        "429 Retry-After",
        Answer(429, {"retry-after": "30"}),
        Wait(30, {"why": "busy", "status": 429}),
    ),
    (
        "429 RateLimit-Reset",
        Answer(429, {"ratelimit-reset": "12"}),
        Wait(12, {"why": "busy", "status": 429}),
    ),
    (
        "503 with a moment",
        Answer(503, {"ratelimit-reset": str(int(T0) + 90)}),
        Wait(90, {"why": "busy", "status": 503}),
    ),
    (
        "503 with a date",
        Answer(503, {"retry-after": "Fri, 15 Jan 2027 08:01:00 GMT"}),
        Wait(60, {"why": "busy", "status": 503}),
    ),
    (
        "503 with nonsense",
        Answer(503, {"retry-after": "soon"}),
        Wait(5, {"why": "busy", "status": 503}),
    ),
    (
        "429 for a year",
        Answer(429, {"retry-after": "31536000"}),
        Wait(900, {"why": "busy", "status": 429}),
    ),
    ("401", Answer(401, authorized=False), Hold({"why": "token", "status": 401})),
    ("403 of the token", Answer(403, authorized=False), Hold({"why": "token", "status": 403})),
    ("403 of the report", Answer(403), Refuse({"why": "refused", "status": 403})),
    ("400", Answer(400, body={"message": "no"}), Refuse(
        {"why": "refused", "status": 400, "message": "no"}
    )),
    ("404", Answer(404), Refuse({"why": "refused", "status": 404})),
    (
        "409",
        Answer(409, body={"message": "not configured", "configurationUrl": "https://x/y"}),
        Refuse(
            {
                "why": "refused",
                "status": 409,
                "message": "not configured",
                "url": "https://x/y",
            }
        ),
    ),
    (
        "422",
        Answer(422, body={"errors": FIELDS}),
        Refuse({"why": "refused", "status": 422, "fields": FIELDS}),
    ),
    ("a redirect", Answer(302), Refuse({"why": "moved", "status": 302})),
    ("408", Answer(408), Doubt({"why": "broken", "status": 408})),
    ("500", Answer(500), Doubt({"why": "broken", "status": 500})),
    ("502", Answer(502), Doubt({"why": "broken", "status": 502})),
    ("504", Answer(504, text="cut"), Doubt({"why": "broken", "status": 504, "message": "cut"})),
    ("200 of HTML", Answer(200), Doubt({"why": "unreadable", "status": 200})),
    ("201 of nonsense", Answer(201, body={}), Doubt({"why": "unreadable", "status": 201})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "means"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_an_outcome_means(outcome: Outcome, means: Decision) -> None:
    assert decide(outcome, attempts=1, now=T0, jitter=0.5) == means


@pytest.mark.parametrize("zone", ["", " -0000", " GMT", " +0000"])
def test_a_date_is_in_utc_wherever_the_machine_is(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Lima")
    time.tzset()
    try:
        answer = Answer(503, {"retry-after": f"Fri, 15 Jan 2027 08:01:00{zone}"})
        decision = decide(answer, attempts=1, now=T0, jitter=0.5)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert decision == Wait(60, {"why": "busy", "status": 503})


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    waits = [backoff(attempts, 0.5) for attempts in (1, 2, 3, 4, 8, 9, 10_000)]
    assert waits == [5, 10, 20, 40, 640, 900, 900]


def test_jitter_spreads_a_wait_by_a_fifth_either_way() -> None:
    assert (backoff(1, 0.0), backoff(1, 1.0)) == pytest.approx((4.0, 6.0))
