"""What a form of `/report-issue` looks up, and how the results change it."""

from collections.abc import Sequence

from blocks.answers import Answers
from blocks.issue import links, listing_choice, targets
from blocks.issue.listing import Listing, LookupResults
from bot.immoteur.listing_cache import ListingCache
from bot.immoteur.lookup import Lookup
from bot.immoteur.lookup_api import LookupFailure


def lookups_of(answers: Answers) -> list[Lookup]:
    """What a form looks up: its links and classifieds, and the classifieds of a property that is
    to be split.
    """
    named = targets.of(answers)
    lookups = [Lookup.link(link) for link in named.links if links.fault(link) is None]
    lookups = lookups[: links.MOST]
    lookups += [Lookup.classified(id_) for id_ in named.classifieds.ids[: links.MOST]]
    return lookups + siblings_of(answers)


def siblings_of(answers: Answers) -> list[Lookup]:
    """The classifieds of a property that is to be split."""
    properties = targets.of(answers).properties.ids if listing_choice.is_split(answers) else ()
    return [Lookup.siblings(properties[0])] if len(properties) == 1 else []


def results_for(answers: Answers, cache: ListingCache, last_kind: str | None) -> LookupResults:
    """The results that memory holds. No request is made."""
    listings: dict[str, Listing] = {}
    failures: dict[str, str] = {}
    siblings: dict[str, tuple[Listing, ...]] = {}
    lookups = lookups_of(answers)
    for lookup in (*lookups, *_offered(answers)):
        match cache.get_cached(lookup):
            case Listing() as listing:
                listings[listing.classified_id] = listing
            case tuple() as several:
                siblings[lookup.name] = several
                listings |= {listing.classified_id: listing for listing in several}
            case LookupFailure(why):
                failures[lookup.typed] = why
    pending = any(cache.is_pending(lookup) for lookup in lookups)
    return LookupResults(pending, listings, failures, siblings, last_kind)


def filled(answers: Answers, cache: ListingCache, *, classifieds_alone: bool) -> Answers:
    """The answers with the ids of listings in the place of their links.

    :param classifieds_alone: whether classifieds are sent without their property
    """
    named = targets.of(answers)
    if not (named.links or named.classifieds.ids):
        return answers
    found = {
        link: listing
        for link in named.links
        if isinstance(listing := cache.get_cached(Lookup.link(link)), Listing)
    }
    classifieds = [*named.classifieds.ids]
    classifieds += [listing.classified_id for listing in found.values()]
    properties = [*named.properties.ids]
    if not (properties and listing_choice.is_split(answers)):
        # For a split, the property that was named is kept. A listing's own is not added.
        properties += [listing.property_id for listing in found.values()]
    if not properties and not classifieds_alone:
        properties = _properties_of(classifieds, cache)
    return listing_choice.filled(answers, properties, classifieds, without=found)


def _properties_of(classifieds: Sequence[str], cache: ListingCache) -> list[str]:
    """The properties of these classifieds; none unless all are known, because the worker looks
    all of them up then.
    """
    results = [cache.get_cached(Lookup.classified(classified)) for classified in classifieds]
    properties = [result.property_id for result in results if isinstance(result, Listing)]
    return properties if len(properties) == len(results) else []


def _offered(answers: Answers) -> list[Lookup]:
    """The classifieds of the boxes on screen, ticked or not."""
    boxes = (option for name in listing_choice.NAMED for option in answers.offered.get(name, ()))
    return [Lookup.classified(listing_choice.classified_of(option)) for option in boxes]
