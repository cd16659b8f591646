"""Whether a form of `/report-issue` that is sent again says what it said when it was sent first."""

from collections.abc import Mapping
from typing import Any

from blocks.issue import links
from blocks.issue.listing import LookupResults

_CHOSEN = ("issueKind", "clusteringAction", "issueFacets", "comment")
"""What no look-up changes."""


def is_sent_again(
    stored: Mapping[str, Any], body: Mapping[str, Any], *, context: LookupResults | None = None
) -> bool:
    """Whether nothing was written or chosen differently. What look-ups have found meanwhile is no
    difference: the classified of a link, and the property of a classified.

    :param body: that of the form as it is now
    :param context: the results of the look-ups until now
    """
    if any(stored.get(name) != body.get(name) for name in _CHOSEN):
        return False
    results = context or LookupResults()
    return _are_kept(stored, body, results) and _none_is_new(stored, body, results)


def _are_kept(stored: Mapping[str, Any], body: Mapping[str, Any], results: LookupResults) -> bool:
    """Whether each id and link that was stored is there: itself, or what was found in its place."""
    ids, links_now = _ids(body), _links(body)
    # In a split, a listing may only name its property, which is sent in its place. An id without a
    # label was stored as one of a property, if it was not known as that of a classified.
    may_name = frozenset((*stored.get("splitFrom", ()), *stored.get("propertyIds", ())))

    def is_kept(target: str) -> bool:
        classified = results.links.get(target, target)
        return classified in ids or (target in may_name and _owner(classified, results) in ids)

    looked_up = [link for link in stored.get("links", ()) if links.same(link) not in links_now]
    return all(map(is_kept, (*_ids(stored), *looked_up)))


def _none_is_new(
    stored: Mapping[str, Any], body: Mapping[str, Any], results: LookupResults
) -> bool:
    """Whether each id and link that is there was stored, or was found by one that was."""
    found = {results.links.get(link) for link in stored.get("links", ())}
    named = _ids(stored) | {classified for classified in found if classified}
    owners = {_owner(id_, results) for id_ in named}
    return _links(body) <= _links(stored) and _ids(body) <= named | owners


def _ids(body: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((*body.get("propertyIds", ()), *body.get("classifiedIds", ())))


def _links(body: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(map(links.same, body.get("links", ())))


def _owner(classified: str, results: LookupResults) -> str | None:
    listing = results.listings.get(classified)
    return listing.property_id if listing else None
