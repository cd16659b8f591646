"""A property-data issue in a few words, for a list of reports."""

from collections.abc import Mapping
from typing import Any

from blocks.words import Words


def headline(words: Words, payload: Mapping[str, Any]) -> str:
    """Such as `Data: Price, Status · 298 000 and not 289 000 €`: what is wrong, and the first line
    of the comment.

    :param payload: a stored body, of this version or an older one
    """
    kind, action = payload.get("issueKind", ""), payload.get("clusteringAction")
    title = words.maybe(f"headline.{action or kind}", str(action or kind))
    facets = [
        words.maybe(f"report_issue.issueFacets.{facet}", str(facet))
        for facet in payload.get("issueFacets") or ()
    ]
    wrong = f"{title}: {', '.join(facets)}" if facets else title
    comment = str(payload.get("comment") or "").strip().partition("\n")[0]
    return " · ".join(part for part in (wrong, comment) if part)
