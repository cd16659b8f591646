import httpx
import pytest

from sandbox.immoteur import Immoteur, Issue
from tests.sandbox_apis.facts import (
    CLASSIFIED,
    LEAVE_OUT,
    OTHER_PROPERTY,
    PROPERTY,
    Created,
    issue,
)

UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
TWO_TARGETS = "At least two targets are required when issueKind is clustering"
NEEDS_COMMENT = "A comment that is not blank is required when issueKind is other"
FACETS = [
    "attributes", "contact", "description", "link", "location", "media", "other", "price",
    "publisher", "status",
]  # fmt: skip
MERGE = {"issueKind": "clustering", "clusteringAction": "merge", "issueFacets": None}
OTHER = {"issueKind": "other", "issueFacets": None}

ACCEPTED = {
    "data with one facet": issue(),
    "data with every facet": issue(issueFacets=FACETS),
    "data with a comment of 4,000 characters": issue(comment="é" * 4000),
    "merge of two properties": issue(**MERGE, propertyIds=[PROPERTY, OTHER_PROPERTY]),
    "split of one classified": issue(
        **(MERGE | {"clusteringAction": "split"}), classifiedIds=[CLASSIFIED]
    ),
    "other with a comment": issue(**OTHER, comment="Doublon avec une annonce hors ligne."),
    "ids in upper case": issue(propertyIds=[PROPERTY.upper()]),
    "an id of no known version": issue(propertyIds=["ffffffff-ffff-ffff-ffff-ffffffffffff"]),
}

REFUSED = [
    ("propertyIds missing", issue(propertyIds=None), {"propertyIds": ["At least one is required"]}),
    ("propertyIds empty", issue(propertyIds=[]), {"propertyIds": [LEAVE_OUT]}),
    ("issueKind missing", issue(issueKind=None), {"issueKind": ["Required"]}),
    (
        "issueKind unknown",
        issue(issueKind="price"),
        {"issueKind": ["Input should be 'clustering', 'data' or 'other'"]},
    ),
    (
        "a second property that is no UUID",
        issue(propertyIds=[PROPERTY, PROPERTY[:-1]]),
        {"propertyIds.1": [f"String should match pattern '{UUID}'"]},
    ),
    ("classifiedIds empty", issue(classifiedIds=[]), {"classifiedIds": [LEAVE_OUT]}),
    ("comment empty", issue(comment=""), {"comment": [LEAVE_OUT]}),
    (
        "comment of 4,001 characters",
        issue(comment="é" * 4001),
        {"comment": ["String should have at most 4000 characters"]},
    ),
    ("comment a number", issue(comment=3), {"comment": ["Input should be a valid string"]}),
    ("facets empty", issue(issueFacets=[]), {"issueFacets": [LEAVE_OUT]}),
    ("facets a text", issue(issueFacets="price"), {"issueFacets": ["Must be an array"]}),
    (
        "data without facets",
        issue(issueFacets=None),
        {"issueFacets": ["At least one is required when issueKind is data"]},
    ),
    (
        "data with an action",
        issue(clusteringAction="merge"),
        {"clusteringAction": ["Not allowed when issueKind is data"]},
    ),
    (
        "clustering without an action",
        issue(**(MERGE | {"clusteringAction": None}), classifiedIds=[CLASSIFIED]),
        {"clusteringAction": ["Required when issueKind is clustering"]},
    ),
    ("clustering with one target", issue(**MERGE), {"propertyIds": [TWO_TARGETS]}),
    (
        "clustering with the same target twice",
        issue(**MERGE, propertyIds=[PROPERTY, PROPERTY.upper()]),
        {"propertyIds": [TWO_TARGETS]},
    ),
    ("other without a comment", issue(**OTHER), {"comment": [NEEDS_COMMENT]}),
    ("other with a blank comment", issue(**OTHER, comment=" \n\t"), {"comment": [NEEDS_COMMENT]}),
    (
        "other with everything wrong",
        issue(issueKind="other", clusteringAction="split"),
        {
            "issueFacets": ["Not allowed when issueKind is other"],
            "comment": [NEEDS_COMMENT],
            "clusteringAction": ["Not allowed when issueKind is other"],
        },
    ),
    ("a key of our own", issue(reporter="U123"), {"reporter": ["Unknown key"]}),
    ("an array", [issue()], {"body": ["Must be an object"]}),
]


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED)
async def test_an_accepted_report_is_kept_as_it_was_sent(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur, body: dict[str, object]
) -> None:
    answer = await to_immoteur.post("/issues", json=body)

    created = Created.model_validate(answer.json())
    assert answer.status_code == 201
    assert created.created_at == "2023-11-14T22:13:20.000Z"
    assert immoteur.issues == [Issue(body, created.report_id, created.created_at)]


@pytest.mark.parametrize(("body", "errors"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
async def test_a_report_that_breaks_a_rule_gets_422_and_is_not_kept(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur, body: object, errors: dict[str, object]
) -> None:
    answer = await to_immoteur.post("/issues", json=body)

    assert (answer.status_code, answer.json(), immoteur.issues) == (422, {"errors": errors}, [])


@pytest.mark.parametrize(
    "key", ["propertyIds", "classifiedIds", "clusteringAction", "comment", "issueFacets"]
)
async def test_null_is_refused_for_every_key_that_can_be_left_out(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur, key: str
) -> None:
    answer = await to_immoteur.post("/issues", json=issue() | {key: None})

    assert (answer.status_code, answer.json()) == (422, {"errors": {key: [LEAVE_OUT]}})
    assert immoteur.issues == []


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"comment": NaN}', "application/json", 400),
        (b"issueKind=data", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_a_body_that_is_not_json_is_refused(
    to_immoteur: httpx.AsyncClient, content: bytes, content_type: str, status: int
) -> None:
    answer = await to_immoteur.post(
        "/issues", content=content, headers={"Content-Type": content_type}
    )

    assert (answer.status_code, list(answer.json())) == (status, ["message"])


@pytest.mark.parametrize("sent", ["", "imt_sandbox", "Bearer imt_other", "bearer imt_sandbox"])
async def test_another_token_gets_401_and_nothing_is_kept(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur, sent: str
) -> None:
    answer = await to_immoteur.post("/issues", json=issue(), headers={"Authorization": sent})

    assert answer.status_code == 401
    assert answer.json() == {"message": "The access token is missing or not valid"}
    assert immoteur.issues == []


async def test_an_account_without_data_access_gets_409_and_where_to_configure_it(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.configured = False

    answer = await to_immoteur.post("/issues", json=issue())

    assert answer.status_code == 409
    assert answer.json() == {
        "message": "Data access is not configured",
        "configurationUrl": "https://immoteur.com/dashboard/settings/data-access",
    }
    assert immoteur.issues == []


async def test_classifieds_alone_are_accepted_once_the_switch_says_so(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.classifieds_alone = True
    alone, nothing = issue(propertyIds=None, classifiedIds=[CLASSIFIED]), issue(propertyIds=None)

    statuses = [(await to_immoteur.post("/issues", json=b)).status_code for b in (alone, nothing)]

    assert statuses == [201, 422]


async def test_unknown_ids_are_refused_by_name_once_the_switch_says_so(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.known_ids_only = True
    known_id = immoteur.listings.sample_property.upper()

    answer = await to_immoteur.post(
        "/issues", json=issue(propertyIds=[known_id, PROPERTY], classifiedIds=[CLASSIFIED])
    )

    assert answer.json() == {
        "errors": {"propertyIds.1": ["Unknown"], "classifiedIds.0": ["Unknown"]}
    }


async def test_the_rate_limit_is_told_in_headers_and_ends_in_429(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.rate_limit = 1  # T0 is 20 seconds into a window

    answers = [await to_immoteur.post("/issues", json=issue()) for _ in range(2)]

    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After")
    assert [(a.status_code, *map(a.headers.get, names)) for a in answers] == [
        (201, "1", "0", "40", None),
        (429, "1", "0", "40", "40"),
    ]
    assert len(immoteur.issues) == 1
