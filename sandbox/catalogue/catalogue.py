"""The whole catalogue, with the rows that are the same for every seed."""

import random
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from sandbox.catalogue import buildings
from sandbox.catalogue.buildings import LAST_VISIT
from sandbox.catalogue.listings import Home, Listings
from sandbox.catalogue.places import TOWNS

PROPERTIES = 240
SITE_COUNTS = (1, 2, 3, 5) * 30
COMMISSIONS = 200
EARLIER_ANOMALIES = 60

Row = dict[str, Any]


@dataclass(frozen=True)
class _Buildings:
    """KARE's lists, and the sets and indexes made from them."""

    establishments: list[Row]
    installations: list[Row]
    commissions: list[Row]
    anomalies: list[Row]
    report_ids: frozenset[int]
    present: frozenset[tuple[int, int]]
    """Pairs of a site and a technicalInstallationId. Archived installations are left out."""


class Catalogue:
    """Rows as the APIs answer them, each list in the order of the API's answers.

    The rows of an API are made when they are first read, because making them takes a tenth of a
    second. A catalogue has rows of its own, so a caller may change them.

    sample_property is a flat that sample_classifieds describe, found by sample_link; the last of
    them is a house elsewhere, which asks for a split. twin_property is the same flat once more,
    which asks for a merge. sample_installation is the technicalInstallationId of the lifts on
    sample_site, which sample_report is about.
    """

    sample_property: ClassVar = "5f0c2d1e-8a4b-1c3d-9e2f-0000000000a1"
    sample_classifieds: ClassVar = (
        "c1a551f1-0001-4c3d-9e2f-0000000000b1",
        "c1a551f1-0002-4c3d-9e2f-0000000000b2",
        "c1a551f1-0003-4c3d-9e2f-0000000000b3",
    )
    sample_link: ClassVar = (
        "https://www.seloger.com/annonces/achat/appartement/lyon-3eme-69/montchat/215478963.htm"
    )
    twin_property: ClassVar = "5f0c2d1e-8a4b-4c3d-9e2f-0000000000a2"
    twin_classified: ClassVar = "c1a551f1-0004-4c3d-9e2f-0000000000b4"
    sample_site: ClassVar = 20_001
    sample_installation: ClassVar = 301
    sample_report: ClassVar = 88_001

    def __init__(
        self, seed: int = 1, *, homes: int = PROPERTIES, last_visit: float = LAST_VISIT
    ) -> None:
        """:param homes: the number of properties; another number also gives KARE's side other rows
        :param last_visit: UNIX seconds; no visit is later
        """
        self._homes = homes
        self._last_visit = int(last_visit)
        self._rng = random.Random(seed)

    @cached_property
    def properties(self) -> dict[str, Row]:
        """Homes by id."""
        return self._listings.properties

    @cached_property
    def classifieds(self) -> dict[str, Row]:
        """Classifieds by id."""
        return self._listings.classifieds

    @cached_property
    def establishments(self) -> list[Row]:
        return self._buildings.establishments

    @cached_property
    def installations(self) -> list[Row]:
        return self._buildings.installations

    @cached_property
    def commissions(self) -> list[Row]:
        return self._buildings.commissions

    @cached_property
    def anomalies(self) -> list[Row]:
        """Anomalies of earlier visits, newest first."""
        return self._buildings.anomalies

    @cached_property
    def report_ids(self) -> frozenset[int]:
        """The ids of the visits' reports."""
        return self._buildings.report_ids

    @cached_property
    def present(self) -> frozenset[tuple[int, int]]:
        """Pairs of a site and a technicalInstallationId that is installed there now."""
        return self._buildings.present

    @cached_property
    def _listings(self) -> Listings:
        listings = Listings(self._rng)
        self._add_samples(listings)
        while len(listings.properties) < self._homes:
            listings.add_made_up()
        return listings

    def _add_samples(self, listings: Listings) -> None:
        flat = Home("apartment", 65, 3, TOWNS[0], "12 rue des Lilas", rent=False, price=298_000)
        house = Home("house", 142, 6, TOWNS[1], "4 impasse des Tilleuls", rent=False, price=525_000)
        links = (
            self.sample_link,
            "https://www.pap.fr/annonces/appartement-lyon-3e-69003-r456700123",
            "https://www.orpi.com/annonce-vente-maison-villeurbanne-69100-b-e2abcd/",
        )
        offers = zip(self.sample_classifieds, links, (flat, flat, house), strict=True)
        listings.add(self.sample_property, list(offers))
        twin = "https://www.bienici.com/annonce/vente/lyon-3e/appartement/3pieces/ag690123-4567"
        listings.add(self.twin_property, [(self.twin_classified, twin, flat)])

    @cached_property
    def _buildings(self) -> _Buildings:
        # Both sides draw from one generator, so the listings are always drawn first.
        rng = self._listings.rng
        establishments = [
            buildings.make_establishment(rng, number, count)
            for number, count in enumerate(SITE_COUNTS)
        ]
        sites = [site["id"] for row in establishments for site in row["sites"]]
        visits = [
            buildings.make_commission(
                rng, number, establishments[number % len(establishments)], self._last_visit
            )
            for number in range(COMMISSIONS)
        ]
        by_name = sorted(establishments, key=lambda row: row["name"])
        installations = buildings.make_installations(rng, sites)
        newest_first = sorted(visits, key=lambda row: row["commissionDate"], reverse=True)
        anomalies = [
            buildings.make_anomaly(rng, number, visits[number])
            for number in reversed(range(EARLIER_ANOMALIES))
        ]
        return _Buildings(
            establishments=by_name,
            installations=installations,
            commissions=newest_first,
            anomalies=anomalies,
            report_ids=frozenset(row["report"]["id"] for row in visits if row["report"]),
            present=frozenset(
                (row["siteId"], row["technicalInstallationId"])
                for row in installations
                if row["archivedAt"] is None
            ),
        )
