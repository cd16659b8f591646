"""The names that an anomaly's receipt shows, from KARE's lists in memory."""

from collections.abc import Mapping
from typing import Any

from blocks.anomaly.names import Names, Parts
from blocks.form import Report
from blocks.receipt_facts import Labels
from bot.kare.catalogue import Catalogue
from bot.kare.search_index import SearchIndex


class AnomalyLabels:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __call__(self, report: Report, earlier: Labels) -> Labels:
        """The names of the report's sites, installations and visit.

        :param earlier: those that were stored with it before it was edited
        """
        body, before = report.body(), Names.of(earlier)
        index = self._catalogue.index
        names = Names(
            sites=_found(
                index.sites, [anomaly["siteId"] for anomaly in body["anomalies"]], before.sites
            ),
            installations=self._installations(body, before),
            reports=_found(index.visits, [body["reportId"]], before.reports),
        )
        return names.labels()

    def _installations(self, body: Mapping[str, Any], before: Names) -> dict[str, Parts]:
        names: dict[str, Parts] = {}
        for anomaly in body["anomalies"]:
            site, number = anomaly["siteId"], anomaly["technicalInstallationId"]
            key, choice = f"{site}/{number}", self._catalogue.index.at_site(site).get(number)
            if parts := (choice.parts if choice else ()) or before.installations.get(key):
                names[key] = parts
        return names


def _found(index: SearchIndex, numbers: list[int], before: Mapping[str, Parts]) -> dict[str, Parts]:
    """The names of these numbers, from the list or from before."""
    names: dict[str, Parts] = {}
    for number in numbers:
        choice = index.get(number)
        if parts := (choice.parts if choice else ()) or before.get(str(number)):
            names[str(number)] = parts
    return names
