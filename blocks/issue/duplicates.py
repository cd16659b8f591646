"""Compares two property-data issues, and sums up an earlier one for the form."""

from collections.abc import Mapping
from typing import Any

from blocks.duplicates import Duplicates
from blocks.issue import links
from blocks.words import Words

Body = Mapping[str, Any]


class IssueDuplicates(Duplicates):
    """Two issues of one property are the same if they share a facet, or ask for the same merge or
    split. Two issues of something else may be the same.
    """

    def is_same(self, body: Body, stored: Body) -> bool:
        request = (body.get("issueKind"), body.get("clusteringAction"))
        if request != (stored.get("issueKind"), stored.get("clusteringAction")):
            return False
        if body.get("issueKind") == "data":
            return not _named(body, "issueFacets").isdisjoint(_named(stored, "issueFacets"))
        if body.get("issueKind") == "clustering":
            mine, theirs = _group(body), _group(stored)
            return len(mine & theirs) > 1 or mine <= theirs or theirs <= mine
        return True

    def subject(self, words: Words, stored: Body) -> str:
        """Such as `Price, Status`, `Merge` or `Something else`."""
        if facets := stored.get("issueFacets"):
            names = [words.maybe(f"report_issue.issueFacets.{name}", str(name)) for name in facets]
            return ", ".join(names)
        kind = str(stored.get("clusteringAction") or stored.get("issueKind") or "")
        return words.maybe(f"report_issue.subject.{kind}", kind)


def _group(body: Body) -> frozenset[str]:
    """The properties to merge, or the listings to split from their property."""
    linked = frozenset(links.same(link) for link in _named(body, "links"))
    classifieds = _named(body, "classifiedIds") | linked
    if body.get("clusteringAction") == "split" and classifieds:
        return classifieds - frozenset(links.same(name) for name in _named(body, "splitFrom"))
    return (_named(body, "propertyIds") or _named(body, "classifiedIds")) | linked


def _named(body: Body, name: str) -> frozenset[str]:
    return frozenset(str(value) for value in body.get(name) or ())
