import httpx
import pytest

from sandbox.kare import Kare, SavedAnomaly
from tests.sandbox_apis.facts import anomaly

PATH = "/anomalies/v2/rs/reports/88001/nonconformity"
CREATED_AT = "2023-11-14T22:13:20.000Z"
BIGGEST = 9007199254740991

ACCEPTED = {
    "one": [anomaly()],
    "two": [anomaly(), anomaly(title="Extincteur absent")],
    "none": [],
    "the longest texts": [anomaly(title="é" * 250, description="é" * 2500)],
    "risk 0": [anomaly(risk=0)],
    "risk 3": [anomaly(risk=3)],
    "the biggest ids": [anomaly(siteId=BIGGEST, technicalInstallationId=-BIGGEST)],
    "a date": [anomaly(dueAt="2024-12-01T12:34:56.000Z")],
    "a whole place": [anomaly(location={"room": "Hall", "floor": "RDC"})],
    "a floor only": [anomaly(location={"floor": "-1"})],
}

INTEGER = "Input should be a valid integer"
NOT_THERE = (400, "0: no such installation on this site")
DATE = "Must look like 2024-12-01T12:34:56.000Z"
REFUSED = [
    ("an object", anomaly(), "Must be an array"),
    ("a text", ["anomaly"], "0: Must be an object"),
    ("the second without a title", [anomaly(), anomaly(title=None)], "1.title: Required"),
    ("no description", [anomaly(description=None)], "0.description: Required"),
    ("no risk", [anomaly(risk=None)], "0.risk: Required"),
    (
        "no installation",
        [anomaly(technicalInstallationId=None)],
        "0.technicalInstallationId: Required",
    ),
    ("no site", [anomaly(siteId=None)], "0.siteId: Required"),
    (
        "a title of 251 characters",
        [anomaly(title="é" * 251)],
        "0.title: String should have at most 250 characters",
    ),
    (
        "a description of 2,501 characters",
        [anomaly(description="é" * 2501)],
        "0.description: String should have at most 2500 characters",
    ),
    ("risk 4", [anomaly(risk=4)], "0.risk: Input should be less than or equal to 3"),
    ("risk -1", [anomaly(risk=-1)], "0.risk: Input should be greater than or equal to 0"),
    ("risk as text", [anomaly(risk="2")], f"0.risk: {INTEGER}"),
    ("risk true", [anomaly(risk=True)], f"0.risk: {INTEGER}"),
    ("a site as text", [anomaly(siteId="20001")], f"0.siteId: {INTEGER}"),
    (
        "a site beyond 2^53",
        [anomaly(siteId=BIGGEST + 1)],
        f"0.siteId: Input should be less than or equal to {BIGGEST}",
    ),
    ("a date without milliseconds", [anomaly(dueAt="2024-12-01T12:34:56Z")], f"0.dueAt: {DATE}"),
    (
        "a date with an offset",
        [anomaly(dueAt="2024-12-01T12:34:56.000+01:00")],
        f"0.dueAt: {DATE}",
    ),
    ("a day alone", [anomaly(dueAt="2024-12-01")], f"0.dueAt: {DATE}"),
    ("30 February", [anomaly(dueAt="2024-02-30T12:34:56.000Z")], "0.dueAt: No such date"),
    ("an empty place", [anomaly(location={})], "0.location: Leave out what is blank"),
    (
        "a blank room",
        [anomaly(location={"room": " ", "floor": "1"})],
        "0.location.room: Leave out what is blank",
    ),
    ("a place as text", [anomaly(location="Hall")], "0.location: Must be an object"),
    (
        "a floor as a number",
        [anomaly(location={"floor": 1})],
        "0.location.floor: Input should be a valid string",
    ),
    (
        "a place of another kind",
        [anomaly(location={"floor": "1", "zone": "B"})],
        "0.location.zone: Unknown key",
    ),
    ("a key of our own", [anomaly(ref="NC-1")], "0.ref: Unknown key"),
    ("a date null", [anomaly() | {"dueAt": None}], "0.dueAt: Input should be a valid string"),
    ("a place null", [anomaly() | {"location": None}], "0.location: Must be an object"),
]


@pytest.mark.parametrize("bodies", ACCEPTED.values(), ids=ACCEPTED)
async def test_accepted_anomalies_are_counted_and_kept_as_they_were_sent(
    to_kare: httpx.AsyncClient, kare: Kare, bodies: list[dict[str, object]]
) -> None:
    answer = await to_kare.post(PATH, json=bodies)

    assert (answer.status_code, answer.json()) == (201, {"nbInsertion": len(bodies)})
    assert kare.anomalies == [
        SavedAnomaly(900_001 + at, 88_001, body, CREATED_AT) for at, body in enumerate(bodies)
    ]


@pytest.mark.parametrize(("body", "message"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
async def test_a_body_that_breaks_a_rule_gets_400_and_nothing_is_kept(
    to_kare: httpx.AsyncClient, kare: Kare, body: object, message: str
) -> None:
    answer = await to_kare.post(PATH, json=body)

    assert (answer.status_code, answer.json(), kare.anomalies) == (400, {"message": message}, [])


@pytest.mark.parametrize(
    ("report", "status"),
    [
        ("-1", 201),
        (str(BIGGEST), 201),
        (str(BIGGEST + 1), 400),
        ("RV-2024", 400),
        ("1.5", 400),
        ("%D9%A1", 400),
    ],
)
async def test_a_report_is_named_by_an_integer(
    to_kare: httpx.AsyncClient, report: str, status: int
) -> None:
    path = f"/anomalies/v2/rs/reports/{report}/nonconformity"

    assert (await to_kare.post(path, json=[anomaly()])).status_code == status


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "text/plain"]
)
async def test_the_content_type_is_exactly_application_json(
    to_kare: httpx.AsyncClient, kare: Kare, content_type: str
) -> None:
    answer = await to_kare.post(PATH, content=b"[]", headers={"Content-Type": content_type})

    assert (answer.status_code, answer.json()) == (415, {"message": "Unsupported Media Type"})
    assert kare.anomalies == []


async def test_a_body_that_is_not_json_gets_400(to_kare: httpx.AsyncClient) -> None:
    answer = await to_kare.post(PATH, content=b"[", headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()) == (400, {"message": "The body is not JSON"})


async def test_fewer_may_be_inserted_than_were_sent(to_kare: httpx.AsyncClient, kare: Kare) -> None:
    kare.insert_only = 1

    answer = await to_kare.post(PATH, json=[anomaly(), anomaly(title="Extincteur absent")])

    assert (answer.status_code, answer.json()) == (201, {"nbInsertion": 1})
    assert kare.anomalies == [SavedAnomaly(900_001, 88_001, anomaly(), CREATED_AT)]


@pytest.mark.parametrize(
    ("report", "changes", "answered"),
    [
        (88_001, {}, (201, None)),
        (12, {}, (404, "Report not found")),
        (88_001, {"siteId": 1}, NOT_THERE),
        (88_001, {"technicalInstallationId": 500_001}, NOT_THERE),
    ],
    ids=["all known", "another report", "another site", "a row's id for an installation's"],
)
async def test_unknown_ids_are_refused_once_the_switch_says_so(
    to_kare: httpx.AsyncClient,
    kare: Kare,
    report: int,
    changes: dict[str, object],
    answered: tuple[int, str | None],
) -> None:
    kare.known_ids_only = True

    answer = await to_kare.post(
        f"/anomalies/v2/rs/reports/{report}/nonconformity", json=[anomaly(**changes)]
    )

    assert (answer.status_code, answer.json().get("message")) == answered


async def test_an_unknown_path_gets_404_in_the_style_of_the_gateway(
    to_kare: httpx.AsyncClient,
) -> None:
    answer = await to_kare.get(PATH)

    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
