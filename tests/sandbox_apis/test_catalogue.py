import re
from collections import Counter

import pytest

from sandbox.catalogue import Catalogue

ROWS = ("properties", "classifieds", "establishments", "installations", "commissions", "anomalies")


@pytest.mark.parametrize("rows", ROWS)
def test_a_seed_always_makes_the_same_rows(rows: str, catalogue: Catalogue) -> None:
    assert getattr(Catalogue(1), rows) == getattr(catalogue, rows)
    assert getattr(Catalogue(2), rows) != getattr(catalogue, rows)


def test_the_rows_are_the_same_whichever_side_is_read_first() -> None:
    listings_first, buildings_first = Catalogue(), Catalogue()
    expected = (listings_first.properties, listings_first.installations)

    installations = buildings_first.installations

    assert (buildings_first.properties, installations) == expected


def test_a_catalogue_may_have_fewer_homes() -> None:
    catalogue = Catalogue(homes=10)

    assert len(catalogue.properties) == 10
    assert Catalogue.twin_property in catalogue.properties


def test_the_catalogue_is_as_large_as_a_small_customer(catalogue: Catalogue) -> None:
    sites = [site for establishment in catalogue.establishments for site in establishment["sites"]]
    sizes = {
        "properties": len(catalogue.properties),
        "establishments": len(catalogue.establishments),
        "sites": len(sites),
        "distinct sites": len({site["id"] for site in sites}),
        "commissions": len(catalogue.commissions),
    }

    assert sizes == {
        "properties": 240,
        "establishments": 120,
        "sites": 330,
        "distinct sites": 330,
        "commissions": 200,
    }
    assert len(catalogue.installations) >= 3000


def test_homes_have_one_to_four_classifieds_on_four_portals(catalogue: Catalogue) -> None:
    counts = {len(home["classifieds"]) for home in catalogue.properties.values()}
    domains = {classified["source"]["domain"] for classified in catalogue.classifieds.values()}

    assert counts == {1, 2, 3, 4}
    assert domains == {"seloger.com", "pap.fr", "bienici.com", "orpi.com"}


def test_raw_classifieds_hold_what_must_never_be_shown(catalogue: Catalogue) -> None:
    sample = catalogue.classifieds[catalogue.sample_classifieds[0]]

    assert re.fullmatch(r"06 39 98 \d\d \d\d", sample["contact"]["phone"])
    assert sample["contact"]["email"].endswith(".example")
    assert sample["contact"]["phone"] in sample["description"]


def test_the_samples_hold_for_every_seed() -> None:
    for seed in range(5):
        catalogue = Catalogue(seed)
        home = catalogue.properties[Catalogue.sample_property]
        listed_ids = [classified["id"] for classified in home["classifieds"]]

        assert listed_ids == list(Catalogue.sample_classifieds)
        assert home["classifieds"][0]["source"]["url"] == Catalogue.sample_link
        assert catalogue.classifieds[listed_ids[2]]["property"]["type"] == "house"
        assert (
            catalogue.classifieds[Catalogue.twin_classified]["propertyId"]
            == Catalogue.twin_property
        )
        assert (Catalogue.sample_site, Catalogue.sample_installation) in catalogue.present
        assert Catalogue.sample_report in catalogue.report_ids


def test_installations_have_every_oddity_that_a_picker_must_bear(catalogue: Catalogue) -> None:
    rows = catalogue.installations
    listed = Counter(row["siteId"] for row in rows)
    archived = Counter(row["siteId"] for row in rows if row["archivedAt"])
    names = {row["technicalInstallation"]["name"] for row in rows if "technicalInstallation" in row}

    assert [site for site in listed if listed[site] == archived[site]] != []
    assert any("technicalInstallation" not in row for row in rows)
    assert "establishment_informations.installation_ascenseurs" in names
    assert "Paratonnerre" in names
    assert {row["id"] for row in rows}.isdisjoint(row["technicalInstallationId"] for row in rows)


def test_some_commissions_have_no_report_and_the_latest_come_first(catalogue: Catalogue) -> None:
    dates = [row["commissionDate"] for row in catalogue.commissions]

    assert Counter(row["report"] is None for row in catalogue.commissions) == {False: 178, True: 22}
    assert dates == sorted(dates, reverse=True)
