from typing import Any

import httpx
import pytest

from sandbox.catalogue import Catalogue
from sandbox.kare import Kare
from tests.sandbox_apis.facts import (
    T0,
    Clock,
    Commission,
    Establishment,
    Fact,
    Installation,
    ListedAnomaly,
    anomaly,
)

LISTS: dict[str, tuple[type[Fact], str]] = {
    "/establishments/v2/rs": (Establishment, "establishments"),
    "/sites-technical-installations/v1/rs": (Installation, "installations"),
    "/commissions/v2/rs": (Commission, "commissions"),
    "/anomalies/v3/rs": (ListedAnomaly, "anomalies"),
}


async def rows(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await client.get(path, params={"pageSize": 9999})
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_comes_in_pages_that_make_up_the_whole(
    to_kare: httpx.AsyncClient, catalogue: Catalogue, path: str
) -> None:
    whole = getattr(catalogue, LISTS[path][1])

    first = (await to_kare.get(path)).json()
    third = (await to_kare.get(path, params={"page": 3, "pageSize": 7})).json()
    beyond = (await to_kare.get(path, params={"page": 999_999})).json()

    assert first == {
        "data": whole[:50],
        "totalCount": len(whole),
        "pagination": {"page": 1, "pageSize": 50},
    }
    assert (third["data"], third["pagination"]) == (whole[14:21], {"page": 3, "pageSize": 7})
    assert (beyond["data"], beyond["totalCount"]) == ([], len(whole))


@pytest.mark.parametrize("path", LISTS)
async def test_every_row_is_as_documented(to_kare: httpx.AsyncClient, path: str) -> None:
    model = LISTS[path][0]

    read = [model.model_validate(row) for row in await rows(to_kare, path)]

    assert len(read) >= 60


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=a", "pageSize=0", "pageSize="])
async def test_a_page_that_cannot_be_gets_400(to_kare: httpx.AsyncClient, query: str) -> None:
    name = query.split("=", maxsplit=1)[0]

    answer = await to_kare.get(f"/commissions/v2/rs?{query}")

    assert (answer.status_code, answer.json()) == (
        400,
        {"message": f"{name}: must be a positive integer"},
    )


async def test_anomalies_just_created_are_listed_first_the_newest_at_the_top(
    to_kare: httpx.AsyncClient, clock: Clock, catalogue: Catalogue
) -> None:
    for title in ("Première", "Seconde"):
        await to_kare.post("/anomalies/v2/rs/reports/5/nonconformity", json=[anomaly(title=title)])
        clock.now = T0 + 60

    assert await rows(to_kare, "/anomalies/v3/rs") == [
        {
            "id": 900_002,
            **anomaly(title="Seconde"),
            "reportId": 5,
            "createdAt": "2023-11-14T22:14:20.000Z",
        },
        {
            "id": 900_001,
            **anomaly(title="Première"),
            "reportId": 5,
            "createdAt": "2023-11-14T22:13:20.000Z",
        },
        *catalogue.anomalies,
    ]


async def test_another_release_adds_ref_and_makes_location_a_string(
    to_kare: httpx.AsyncClient, kare: Kare
) -> None:
    kare.release = 2
    place = {"room": "Hall", "floor": "RDC"}
    path = "/anomalies/v2/rs/reports/5/nonconformity"
    await to_kare.post(path, json=[anomaly(location=place)])

    newest, earlier, *_ = await rows(to_kare, "/anomalies/v3/rs")

    assert (newest["ref"], newest["location"]) == ("NC-900001", "Hall, RDC")
    assert (earlier["ref"], earlier["location"]) == ("NC-800060", "")
