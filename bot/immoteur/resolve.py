"""A stored issue made sendable: links become ids, and classifieds get their property."""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from blocks.issue.listing import Listing
from bot.delivery.http_client import Answer, NotSent, Unsendable
from bot.immoteur.lookup_api import LookupFailure

Payload = Mapping[str, Any]
Results = Mapping[str, Listing | LookupFailure]
Resolve = Callable[[Sequence[str], Sequence[str]], Awaitable[Results]]
"""Looks up links and classified ids. Its results are by the link as typed, or the id."""


async def prepared(
    payload: Payload, resolve: Resolve, *, classifieds_alone: bool
) -> Payload | Unsendable | Answer | NotSent:
    """The body of `POST /issues`, of the API's fields only.

    A target that a person named is never dropped silently. Where one cannot be read, nothing is
    sent, and the cause names it.

    :returns: an `Answer` or `NotSent` when Immoteur cannot be asked now: it is tried again then
    """
    body = {name: value for name, value in payload.items() if name not in {"links", "splitFrom"}}
    split_from = tuple(payload.get("splitFrom", ()))
    links, action = list(payload.get("links", ())), payload.get("clusteringAction")
    properties = list(body.get("propertyIds", ()))
    classifieds = list(body.get("classifiedIds", ()))
    # A merge is of properties: the properties of the classifieds decide whether there are two.
    wanting = len(set(properties)) < 2 if action == "merge" else not (properties or links)
    all_alone = wanting and not classifieds_alone
    alone = [id_ for id_ in classifieds if all_alone or id_ in split_from]
    if not links and not alone:
        return body
    results = await resolve(links, alone)
    if trouble := _not_now(results):
        return trouble
    by_target, unread = _parted(results)
    # These only name the property of a split: they are not split from it.
    properties += [by_target[name].property_id for name in split_from if name in by_target]
    classifieds = [classified for classified in classifieds if classified not in split_from]
    listings = [listing for name, listing in by_target.items() if name not in split_from]
    if not (properties and action == "split"):
        # For a split, the property that was named is kept. A listing's own is not added.
        properties += [listing.property_id for listing in listings]
    classifieds = [classified for classified in classifieds if classified not in unread]
    classifieds += [listing.classified_id for listing in listings]
    enough = _is_enough(action, properties, classifieds)
    if unread:
        return Unsendable({"why": "unread", "unread": unread, "others": enough})
    if not classifieds_alone and not enough:
        # A classified and its own property are one property: there is nothing to merge it with.
        unread = {str(target): "one_home" for target in links or classifieds}
        return Unsendable({"why": "unread", "unread": unread, "others": False})
    body.pop("classifiedIds", None)
    body |= {"propertyIds": list(dict.fromkeys(properties))}
    body |= {"classifiedIds": list(dict.fromkeys(classifieds))} if classifieds else {}
    return body


def _parted(results: Results) -> tuple[dict[str, Listing], dict[str, str]]:
    """The listings that were found, and the reasons why others were not, by target."""
    listings, unread = {}, {}
    for target, result in results.items():
        if isinstance(result, Listing):
            listings[target] = result
        elif isinstance(result, LookupFailure):
            unread[target] = result.why
    return listings, unread


def _is_enough(action: str | None, properties: Sequence[str], classifieds: Sequence[str]) -> bool:
    """Whether these can be reported, once the classifieds' property is known."""
    least = 2 if action == "merge" or (action == "split" and not classifieds) else 1
    return len(set(properties)) >= least or (action != "merge" and bool(classifieds))


def without_unread(payload: Payload, unread: Mapping[str, str]) -> Payload:
    """The stored report without the targets that could not be read."""
    remaining = dict(payload)
    for name in ("links", "classifiedIds", "splitFrom"):
        targets = [target for target in payload.get(name, ()) if target not in unread]
        remaining.pop(name, None)
        if targets:
            remaining[name] = targets
    return remaining


def _not_now(results: Results) -> Answer | NotSent | None:
    """The outcome of a report whose look-up may work later, as if the report had been sent."""
    for result in results.values():
        match result:
            case LookupFailure("token"):
                return Answer(401, authorized=False)
            case LookupFailure("busy", wait):
                return Answer(429, {"retry-after": str(math.ceil(wait))} if wait else {})
            case LookupFailure("unreachable"):
                return NotSent("a listing could not be looked up")
    return None
