"""What an issue is about, made sendable: links become ids, and classifieds get their property."""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from blocks.issue.listing import Listing
from bot.delivery.http_client import Answer, NotSent, Unsendable
from bot.immoteur.lookup_api import LookupFailure

Payload = Mapping[str, Any]
Resolve = Callable[[Sequence[str], Sequence[str]], Awaitable[Mapping[str, Listing | LookupFailure]]]
"""Looks up links and classified ids: what they are, by the link as typed or the id."""


async def prepared(
    payload: Payload, resolve: Resolve, *, classifieds_alone: bool
) -> Payload | Unsendable | Answer | NotSent:
    """The body of `POST /issues`, of the API's fields only.

    A target that a person named is never dropped silently: where one cannot be read nothing is
    sent, and the cause names it.

    :returns: an `Answer` or `NotSent` when Immoteur cannot be asked now: then it is tried again
    """
    body = {name: value for name, value in payload.items() if name != "links"}
    links, action = list(payload.get("links", ())), payload.get("clusteringAction")
    homes, named = list(body.get("propertyIds", ())), list(body.get("classifiedIds", ()))
    # A merge is of properties: whose the classifieds are decides whether there are two.
    wanting = len(set(homes)) < 2 if action == "merge" else not (homes or links)
    homeless = named if wanting and not classifieds_alone else []
    if not links and not homeless:
        return body
    found = await resolve(links, homeless)
    if trouble := _not_now(found):
        return trouble
    listings = [one for one in found.values() if isinstance(one, Listing)]
    unread = {what: one.why for what, one in found.items() if isinstance(one, LookupFailure)}
    if not (homes and action == "split"):
        # What a listing is split from is the property that was named, not its own.
        homes += [one.property_id for one in listings]
    named = [one for one in named if one not in unread]
    named += [one.classified_id for one in listings]
    if unread:
        others = _is_enough(action, homes, named)
        return Unsendable({"why": "unread", "unread": unread, "others": others})
    if not classifieds_alone and not _is_enough(action, homes, named):
        # A classified and its own property are one home: there is nothing to merge it with.
        unread = {str(what): "one_home" for what in links or named}
        return Unsendable({"why": "unread", "unread": unread, "others": False})
    body |= {"propertyIds": list(dict.fromkeys(homes))}
    body |= {"classifiedIds": list(dict.fromkeys(named))} if named else {}
    return body


def _is_enough(action: str | None, homes: Sequence[str], named: Sequence[str]) -> bool:
    """Whether these can be reported, once the classifieds' property is known."""
    least = 2 if action == "merge" or (action == "split" and not named) else 1
    return len(set(homes)) >= least or (action != "merge" and bool(named))


def without_unread(payload: Payload, unread: Mapping[str, str]) -> Payload:
    """The stored report without the targets that could not be read."""
    kept = dict(payload)
    for name in ("links", "classifiedIds"):
        left = [one for one in payload.get(name, ()) if one not in unread]
        kept.pop(name, None)
        if left:
            kept[name] = left
    return kept


def _not_now(found: Mapping[str, Listing | LookupFailure]) -> Answer | NotSent | None:
    """What a look-up that may work later means for the report, as if it had been sent."""
    for one in found.values():
        match one:
            case LookupFailure("token"):
                return Answer(401, authorized=False)
            case LookupFailure("busy", wait):
                return Answer(429, {"retry-after": str(math.ceil(wait))} if wait else {})
            case LookupFailure("unreachable"):
                return NotSent("a listing could not be looked up")
    return None
