"""The listings that an issue's receipt shows by name, from the look-ups in memory."""

from collections.abc import Iterator, Mapping
from typing import Any

from blocks.form import Report
from blocks.issue.listing import Listing
from blocks.issue.listing_names import ListingNames
from blocks.receipt_facts import Labels
from bot.immoteur.listing_cache import ListingCache
from bot.immoteur.lookup import Lookup


class ListingLabels:
    def __init__(self, cache: ListingCache) -> None:
        self._cache = cache

    def __call__(self, report: Report, earlier: Labels) -> Labels:
        """The listings that the report names, and one of each property that it names alone.

        :param earlier: those that were stored with it before it was edited
        """
        body, before = report.body(), ListingNames.of(earlier)
        listings = ListingNames.of_listings([*self._of_classifieds(body, before)])
        of_properties = [*self._of_properties(body, before, listings)]
        return ListingNames.of_listings([*listings.listings.values(), *of_properties]).labels()

    def _of_classifieds(self, body: Mapping[str, Any], before: ListingNames) -> Iterator[Listing]:
        for classified in body.get("classifiedIds", ()):
            listing = self._cache.get_cached(Lookup.classified(classified))
            if not isinstance(listing, Listing):
                listing = before.listings.get(classified)
            if listing is not None:
                yield listing

    def _of_properties(
        self, body: Mapping[str, Any], before: ListingNames, listing_names: ListingNames
    ) -> Iterator[Listing]:
        for property_id in body.get("propertyIds", ()):
            result = self._cache.get_cached(Lookup.siblings(property_id))
            siblings = result if isinstance(result, tuple) else ()
            listings = [*siblings, *before.of_property(property_id)]
            unnamed = [
                listing
                for listing in listings
                if listing.classified_id not in listing_names.listings
            ]
            yield from unnamed[:1]
