"""Listings as they were known when a report was sent, for its receipt.

Only the facts that a receipt shows are stored. A value with an e-mail address or a telephone number
in it is left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from blocks.issue.listing import Listing

_STORED = ("type", "area", "rooms", "city", "postcode", "price", "transaction", "domain", "url")
_CONTACT = re.compile(r"(?i)@|%40|tel:|(?<!\d)0[1-9](?:[ .-]?\d{2}){4}(?!\d)|\+\d(?:[ .-]?\d){7,}")
"""A sign of an e-mail address, or a telephone number as people write it in France or abroad."""
_SPELT = re.compile(r"(?i)[\[({<]\s*(?:at|arobase|chez)\s*[\])}>]|\b(?:at|arobase)\b.*\bdot\b")
"""The sign of an e-mail address in words, as people write it to hide it from machines."""
DIGITS_MOST = 6
"""Digits of a city or a postcode. Telephone numbers have more, however they are grouped."""


@dataclass(frozen=True)
class ListingNames:
    listings: Mapping[str, Listing] = field(default_factory=dict)
    """By classified id."""

    @classmethod
    def of(cls, labels: Mapping[str, Any]) -> "ListingNames":
        """Stored listings. A value of another shape counts as unknown."""
        stored = labels.get("listings")
        if not (stored and isinstance(stored, Mapping)):
            return cls()
        rows = {
            str(classified): _loaded(str(classified), row) for classified, row in stored.items()
        }
        return cls({classified: listing for classified, listing in rows.items() if listing})

    @classmethod
    def of_listings(cls, listings: Iterable[Listing]) -> "ListingNames":
        return cls({listing.classified_id: listing for listing in listings})

    def labels(self) -> dict[str, Any]:
        """The listings as they are stored."""
        rows = {classified: _stored(listing) for classified, listing in self.listings.items()}
        return {"listings": rows} if rows else {}

    def of_property(self, property_id: str) -> list[Listing]:
        return [listing for listing in self.listings.values() if listing.property_id == property_id]


def has_contact(text: str) -> bool:
    """Whether an address holds an e-mail address or a telephone number."""
    return bool(_CONTACT.search(text))


def may_hold_contact(text: str) -> bool:
    """Whether a short text, such as a city, may hold an e-mail address or a telephone number, in
    whatever form people write these.
    """
    digits = sum(character.isdigit() for character in text)
    return digits > DIGITS_MOST or has_contact(text) or bool(_SPELT.search(text))


def _names_somebody(name: str, value: Any) -> bool:
    """Whether a fact of a listing may hold a contact. A link has digits of its own."""
    if not isinstance(value, str):
        return False
    return has_contact(value) if name == "url" else may_hold_contact(value)


def _stored(listing: Listing) -> dict[str, Any]:
    values = {name: getattr(listing, name) for name in _STORED}
    kept = {
        name: value
        for name, value in values.items()
        if value is not None and not _names_somebody(name, value)
    }
    return {"property_id": listing.property_id, **kept}


def _loaded(classified: str, row: Any) -> Listing | None:
    try:
        return _listing_adapter().validate_python({**row, "classified_id": classified})
    except (TypeError, ValidationError):
        return None


@cache
def _listing_adapter() -> TypeAdapter[Listing]:
    # Making it takes 50 ms, which commands that only read the file need not wait for.
    return TypeAdapter(Listing)
