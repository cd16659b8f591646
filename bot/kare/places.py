"""The sites of anomalies, by the names of KARE's lists and of imported ones."""

from collections.abc import Mapping
from typing import Any

from storage import catalogue
from storage.engine import Database


def places(db: Database) -> "SiteOfAnomaly":
    """Read the names once, for any number of reports. Imported names go before KARE's."""
    sites = catalogue.load(db).sites
    return SiteOfAnomaly(
        {
            site.id: ", ".join(part for part in (site.name, site.city) if part)
            for source in ("kare", "csv")
            for site in sites.get(source, ())
        }
    )


class SiteOfAnomaly:
    def __init__(self, names: Mapping[int, str]) -> None:
        """:param names: by the number of a site"""
        self._names = names

    def __call__(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        """The sites of a stored body, each once."""
        sites = [anomaly.get("siteId") for anomaly in payload.get("anomalies", ())]
        return tuple(dict.fromkeys(self._names.get(site, f"site {site}") for site in sites))
