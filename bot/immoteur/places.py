"""The city of a property-data issue, from the look-ups that were kept."""

from collections.abc import Mapping
from typing import Any

from blocks.issue import links
from storage import cache
from storage.engine import Database


def places(db: Database) -> "CityOfIssue":
    """Read the kept look-ups once, for any number of reports."""
    cities: dict[str, str] = {}
    for token, found in cache.everything(db):
        name = token.partition(":")[2]
        for listing in found if isinstance(found, list) else [found]:
            if isinstance(listing, dict) and (city := listing.get("city")):
                names = (name, listing["property_id"], listing["classified_id"])
                cities |= dict.fromkeys(names, str(city))
    return CityOfIssue(cities)


class CityOfIssue:
    def __init__(self, cities: Mapping[str, str]) -> None:
        """:param cities: by the id of a property or a listing, or by a link"""
        self._cities = cities

    def __call__(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        """The cities of a stored body, each once. Empty where no look-up was kept."""
        names = [
            *payload.get("propertyIds", ()),
            *payload.get("classifiedIds", ()),
            *(links.same(link) for link in payload.get("links", ())),
        ]
        return tuple(dict.fromkeys(self._cities[name] for name in names if name in self._cities))
