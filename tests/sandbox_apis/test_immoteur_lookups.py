import httpx
import pytest

from sandbox.catalogue import Catalogue
from sandbox.immoteur import Immoteur
from tests.sandbox_apis.facts import PROPERTY, Account, Classified, Property

PAGE = "seloger.com/annonces/achat/appartement/lyon-3eme-69/montchat/215478963.htm"
NOT_A_UUID = b'{"errors": {"id": ["Not a UUID"]}}'
PATHS = [
    "/auth",
    f"/classifieds/lookup?url={PAGE}",
    f"/properties/lookup?url={PAGE}",
    f"/classifieds/{Catalogue.sample_classifieds[0]}",
    f"/properties/{Catalogue.sample_property}",
    f"/properties/{Catalogue.sample_property}/classifieds",
]


async def test_auth_tells_whose_token_it_is(to_immoteur: httpx.AsyncClient) -> None:
    answer = await to_immoteur.get("/auth")

    assert answer.status_code == 200
    assert Account.model_validate(answer.json()).token_name == "constat sandbox"


@pytest.mark.parametrize(
    "link",
    [
        Catalogue.sample_link,
        PAGE,
        f"http://{PAGE}",
        f"//www.{PAGE}",
        f"HTTPS://WWW.SELOGER.COM{PAGE.removeprefix('seloger.com')}",
        f"https://www.{PAGE}/",
        f"https://www.{PAGE}#photos",
        f"https://www.{PAGE}?utm_source=mail&utm_campaign=alerte&gclid=x&at_medium=y",
        f"{PAGE}?fbclid=https://facebook.com/#avis",
    ],
)
async def test_a_listing_is_found_by_any_way_of_writing_its_link(
    to_immoteur: httpx.AsyncClient, catalogue: Catalogue, link: str
) -> None:
    classified = await to_immoteur.get("/classifieds/lookup", params={"url": link})
    home = await to_immoteur.get("/properties/lookup", params={"url": link})

    found = classified.json()["classified"], home.json()["property"]
    assert found == (
        catalogue.classifieds[catalogue.sample_classifieds[0]],
        catalogue.properties[catalogue.sample_property],
    )


@pytest.mark.parametrize("lookup", ["/classifieds/lookup", "/properties/lookup"])
@pytest.mark.parametrize(
    ("link", "status"),
    [
        ("ab", 422),
        ("https://seloger.com/" + "a" * 2029, 422),
        ("https://[", 422),
        ("https://seloger.com/annonces/1.htm", 404),
        (f"{PAGE}?page=2", 404),
        (PAGE.upper(), 404),
    ],
)
async def test_a_link_to_no_listing_is_refused(
    to_immoteur: httpx.AsyncClient, lookup: str, link: str, status: int
) -> None:
    answer = await to_immoteur.get(lookup, params={"url": link})

    assert answer.status_code == status


async def test_a_lookup_without_a_link_names_what_is_missing(
    to_immoteur: httpx.AsyncClient,
) -> None:
    answer = await to_immoteur.get("/properties/lookup")

    errors = {"url": ["From 3 to 2048 characters are required"]}
    assert (answer.status_code, answer.json()) == (422, {"errors": errors})


async def test_ids_are_found_in_either_case(
    to_immoteur: httpx.AsyncClient, catalogue: Catalogue
) -> None:
    classified, home = catalogue.sample_classifieds[1], catalogue.sample_property

    answers = [
        (await to_immoteur.get(f"/classifieds/{classified.upper()}")).json(),
        (await to_immoteur.get(f"/properties/{home.upper()}")).json(),
    ]

    assert answers == [
        {"classified": catalogue.classifieds[classified]},
        {"property": catalogue.properties[home]},
    ]


async def test_a_property_lists_all_its_classifieds_whole(
    to_immoteur: httpx.AsyncClient, catalogue: Catalogue
) -> None:
    answer = await to_immoteur.get(f"/properties/{catalogue.sample_property}/classifieds")

    wanted = [catalogue.classifieds[id_] for id_ in catalogue.sample_classifieds]
    assert answer.json() == {"classifieds": wanted}


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (f"/properties/{PROPERTY}", 404, b""),
        (f"/properties/{PROPERTY}/classifieds", 404, b""),
        (f"/classifieds/{PROPERTY}", 404, b""),
        (
            "/properties/5f0c2d1e8a4b1c3d9e2f0000000000a1",
            422,
            NOT_A_UUID,
        ),
        ("/listings", 404, b""),
    ],
)
async def test_what_does_not_exist_gets_404_without_a_body(
    to_immoteur: httpx.AsyncClient, path: str, status: int, body: bytes
) -> None:
    answer = await to_immoteur.get(path)

    assert (answer.status_code, answer.content) == (status, body)


@pytest.mark.parametrize("path", PATHS)
async def test_every_path_asks_for_the_token(to_immoteur: httpx.AsyncClient, path: str) -> None:
    answer = await to_immoteur.get(path, headers={"Authorization": "Bearer imt_other"})

    assert answer.status_code == 401


async def test_without_data_access_only_auth_answers(
    to_immoteur: httpx.AsyncClient, immoteur: Immoteur
) -> None:
    immoteur.configured = False

    assert [(await to_immoteur.get(path)).status_code for path in PATHS] == [200, *[409] * 5]


def test_every_listing_and_home_is_as_documented_and_they_agree(catalogue: Catalogue) -> None:
    classifieds = [
        Classified.model_validate(classified) for classified in catalogue.classifieds.values()
    ]
    homes = [Property.model_validate(row) for row in catalogue.properties.values()]

    listed = {classified.id: home.id for home in homes for classified in home.classifieds}
    assert listed == {classified.id: classified.property_id for classified in classifieds}
