"""What an issue is about, made sendable: links become ids, and classifieds get their property."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from blocks.listing import Listing
from bot.exchange import Answer, NotSent, Unsendable
from bot.listings import NotRead

Payload = Mapping[str, Any]
Resolve = Callable[[Sequence[str], Sequence[str]], Awaitable[Mapping[str, Listing | NotRead]]]
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
    links = list(payload.get("links", ()))
    homes, named = list(body.get("propertyIds", ())), list(body.get("classifiedIds", ()))
    homeless = named if not homes and not classifieds_alone else []
    if not links and not homeless:
        return body
    found = await resolve(links, homeless)
    if trouble := _not_now(found):
        return trouble
    unread = {what: one.why for what, one in found.items() if isinstance(one, NotRead)}
    if unread:
        others = bool(homes) or len(unread) < len(found) or bool(set(named) - unread.keys())
        return Unsendable({"why": "unread", "unread": unread, "others": others})
    listings = [one for one in found.values() if isinstance(one, Listing)]
    homes += [one.property_id for one in listings]
    named += [one.classified_id for one in listings]
    body |= {"propertyIds": list(dict.fromkeys(homes))}
    if named:
        body["classifiedIds"] = list(dict.fromkeys(named))
    # A classified and its own property are one home: there is nothing to merge it with.
    if body.get("clusteringAction") == "merge" and len(body["propertyIds"]) < 2:
        unread = {str(what): "one_home" for what in links or named}
        return Unsendable({"why": "unread", "unread": unread, "others": False})
    return body


def without_unread(payload: Payload, unread: Mapping[str, str]) -> Payload:
    """The stored report without the targets that could not be read."""
    kept = dict(payload)
    for name in ("links", "classifiedIds"):
        left = [one for one in payload.get(name, ()) if one not in unread]
        kept.pop(name, None)
        if left:
            kept[name] = left
    return kept


def _not_now(found: Mapping[str, Listing | NotRead]) -> Answer | NotSent | None:
    """What a look-up that may work later means for the report, as if it had been sent."""
    for one in found.values():
        if isinstance(one, NotRead) and not one.final:
            if one.why == "token":
                return Answer(401, authorized=False)
            if one.why == "busy":
                return Answer(429, {"retry-after": str(int(one.wait or 1))})
            return NotSent("a listing could not be looked up")
    return None
