"""A property-data issue in one line, for the channel and for a list of reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.issue import links
from blocks.issue.listing_names import ListingNames
from blocks.mrkdwn import cut
from blocks.receipt_facts import Labels, Title
from blocks.rich_text import BETWEEN
from blocks.words import Words

FACETS_MOST = 3
"""Facets that a line names; the others are counted."""
COMMENT_LIMIT = 80
"""Characters of the comment's first line."""
ID_SHOWN = 8
"""The number of characters of an id that stand for a listing without a name."""


def title(words: Words, payload: Mapping[str, Any], labels: Labels) -> Title | None:
    """The fault and the listing. Without a kind of fault, the first line of the comment stands for
    it.

    :param payload: a stored body, of this version or an older one
    """
    fault = _what(words, payload)
    if not fault:
        return None
    if payload.get("issueKind") == "other" and (comment := _first_line(payload)):
        fault = f"{words('receipt.label', label=fault)} {cut(comment, COMMENT_LIMIT)}"
    return Title(fault, where=_where(words, payload, ListingNames.of(labels)))


def headline(words: Words, payload: Mapping[str, Any], labels: Labels) -> str:
    """Such as `Wrong price · Apartment 65 m², Lyon 3e · 298 000 and not 289 000 €`: with the
    listing where its name is known, and with the whole first line of the comment.
    """
    names = ListingNames.of(labels)
    where = _where(words, payload, names) if names.listings else ""
    return BETWEEN.join(filter(None, (_what(words, payload), where, _first_line(payload))))


def _what(words: Words, payload: Mapping[str, Any]) -> str:
    kind, action = payload.get("issueKind", ""), payload.get("clusteringAction")
    facets = payload.get("issueFacets") or ()
    if kind == "data" and facets:
        facet_names = [words.maybe(f"headline.wrong.{facet}", str(facet)) for facet in facets]
        more = len(facet_names) - FACETS_MOST
        counted = [words("receipt.more", n=more)] if more > 0 else []
        return ", ".join([*facet_names[:FACETS_MOST], *counted])
    return words.maybe(f"headline.{action or kind}", str(action or kind))


def _first_line(payload: Mapping[str, Any]) -> str:
    return str(payload.get("comment") or "").strip().partition("\n")[0].strip()


def _where(words: Words, payload: Mapping[str, Any], names: ListingNames) -> str:
    """The name of the first listing, and how many others there are. A listing without a name is
    shown by the portal of its link, or by the beginning of its id.
    """
    properties: Sequence[str] = payload.get("propertyIds") or ()
    classifieds: Sequence[str] = payload.get("classifiedIds") or ()
    listings = [names.listings[id_] for id_ in classifieds if id_ in names.listings]
    listings += [listing for id_ in properties for listing in names.of_property(id_)]
    count = len(properties or classifieds) + len(payload.get("links") or ())
    if listings:
        where = listings[0].name(words)
    elif linked := payload.get("links"):
        where = cut(links.same(linked[0]), 60)
    elif properties or classifieds:
        where = words("report_issue.receipt.unnamed", id=(*properties, *classifieds)[0][:ID_SHOWN])
    else:
        where = ""
    return f"{where} {words('receipt.more', n=count - 1)}" if count > 1 else where
