"""Listings as they were known when a report was sent, for its receipt.

Stored is what a receipt shows of a listing, and nothing else of it. A value in which an e-mail
address or a telephone number stands is left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from blocks.issue.listing import Listing

_STORED = ("type", "area", "rooms", "city", "postcode", "price", "transaction", "domain", "url")
_LISTING = TypeAdapter(Listing)
_CONTACT = re.compile(r"(?i)@|%40|tel:|(?<!\d)0[1-9](?:[ .-]?\d{2}){4}(?!\d)|\+\d(?:[ .-]?\d){7,}")
"""A sign of an e-mail address, or a telephone number as people write it in France or abroad."""


@dataclass(frozen=True)
class ListingNames:
    listings: Mapping[str, Listing] = field(default_factory=dict)
    """By classified id."""

    @classmethod
    def of(cls, labels: Mapping[str, Any]) -> "ListingNames":
        """Listings as they are stored. What is of another shape counts as unknown."""
        stored = labels.get("listings")
        rows = stored.items() if isinstance(stored, Mapping) else ()
        found = {str(classified): _loaded(str(classified), row) for classified, row in rows}
        return cls({classified: listing for classified, listing in found.items() if listing})

    @classmethod
    def known(cls, listings: Iterable[Listing]) -> "ListingNames":
        return cls({listing.classified_id: listing for listing in listings})

    def labels(self) -> dict[str, Any]:
        """The listings as they are stored."""
        rows = {classified: _stored(listing) for classified, listing in self.listings.items()}
        return {"listings": rows} if rows else {}

    def of_property(self, property_id: str) -> list[Listing]:
        return [one for one in self.listings.values() if one.property_id == property_id]


def has_contact(text: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number."""
    return bool(_CONTACT.search(text))


def _stored(listing: Listing) -> dict[str, Any]:
    values = {name: value for name, value in asdict(listing).items() if name in _STORED}
    kept = {
        name: value
        for name, value in values.items()
        if value is not None and not (isinstance(value, str) and has_contact(value))
    }
    return {"property_id": listing.property_id, **kept}


def _loaded(classified: str, row: Any) -> Listing | None:
    try:
        return _LISTING.validate_python({**row, "classified_id": classified})
    except (TypeError, ValidationError):
        return None
