"""The look-ups of a form of `/report-issue`, and their results in memory."""

from blocks.answers import Answers
from blocks.issue import field, links, resolution
from blocks.issue.field import Fields
from blocks.issue.listing import Listing, LookupResults
from bot.immoteur.listing_cache import ListingCache
from bot.immoteur.lookup import Lookup, Result
from bot.immoteur.lookup_api import LookupFailure


def lookups_of(answers: Answers, cache: ListingCache) -> list[Lookup]:
    """The look-ups of a form: its links, its classifieds, and its bare ids.

    A bare id is looked up as a property first, and as a classified once it is known to be none.
    """
    fields = field.of(answers)
    by_link = [Lookup.link(link) for link in fields.links if links.fault(link) is None]
    lookups = by_link[: links.MOST]
    lookups += [Lookup.classified(id_) for id_ in _classifieds(fields)[: links.MOST]]
    for id_ in _properties(fields)[: links.MOST]:
        lookups.append(Lookup.siblings(id_))
        if id_ in fields.main.ids and _is_unknown(cache.get_cached(Lookup.siblings(id_))):
            lookups.append(Lookup.classified(id_))
    if not field.is_split(answers):
        return lookups
    home = resolution.split_property(answers, _results(answers, cache, lookups))
    return [*lookups, Lookup.siblings(home)] if home else lookups


def results_for(
    answers: Answers,
    cache: ListingCache,
    last_kind: str | None,
    *,
    classifieds_alone: bool,
    takes_photos: bool,
) -> LookupResults:
    """The results that memory holds. No request is made.

    :param last_kind, classifieds_alone, takes_photos: as of `LookupResults`
    """
    lookups = lookups_of(answers, cache)
    results = _results(answers, cache, lookups)
    pending = any(cache.is_pending(lookup) for lookup in lookups)
    return LookupResults(
        pending,
        results.listings,
        results.links,
        results.failures,
        results.siblings,
        last_kind,
        classifieds_alone,
        takes_photos,
    )


def _results(answers: Answers, cache: ListingCache, lookups: list[Lookup]) -> LookupResults:
    listings: dict[str, Listing] = {}
    by_link: dict[str, str] = {}
    failures: dict[str, str] = {}
    siblings: dict[str, tuple[Listing, ...]] = {}
    fields = field.of(answers)
    # A bare id may be known as a classified by a look-up for somebody else.
    for id_ in fields.main.ids:
        if isinstance(listing := cache.get_cached(Lookup.classified(id_)), Listing):
            listings[id_] = listing
    for lookup in lookups:
        match cache.get_cached(lookup):
            case Listing() as listing:
                listings[listing.classified_id] = listing
                if lookup.kind == "link":
                    by_link[lookup.typed] = listing.classified_id
            case tuple() as several:
                siblings[lookup.name] = several
                listings |= {listing.classified_id: listing for listing in several}
            case LookupFailure(why):
                failures |= _failure(lookup, why, fields)
    return LookupResults(listings=listings, links=by_link, failures=failures, siblings=siblings)


def _failure(lookup: Lookup, why: str, fields: Fields) -> dict[str, str]:
    """The reason why a link or a classified could not be read. A bare id is sent all the same, so
    its only reason is that nothing has it.
    """
    if lookup.kind == "siblings":
        return {}
    if lookup.kind == "classified" and lookup.name in fields.main.ids:
        return {lookup.typed: "unknown_id"} if why == "not_found" else {}
    return {lookup.typed: why}


def _classifieds(fields: Fields) -> tuple[str, ...]:
    return (*fields.main.classifieds, *fields.apart.classifieds, *fields.apart.ids)


def _properties(fields: Fields) -> tuple[str, ...]:
    return (*fields.main.ids, *fields.main.properties)


def _is_unknown(result: Result | None) -> bool:
    return isinstance(result, LookupFailure) and result.why == "not_found"
