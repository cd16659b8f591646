"""The kind of issue that a person's words most likely report. The person reads the form that it
fills, and sends it.
"""

import re
from collections.abc import Mapping

from blocks.answers import Value
from blocks.compared import searched
from blocks.issue.model import FACETS

MERGE: Mapping[str, Value] = {"issueKind": "clustering", "clusteringAction": "merge"}
SPLIT: Mapping[str, Value] = {"issueKind": "clustering", "clusteringAction": "split"}

_CLUSTERING = {
    "split": re.compile(
        r"pas (le|la) meme|not the same|\bsepare|\bsplit|different (flat|home|house)"
    ),
    "merge": re.compile(
        r"doublon|duplicat|dupliqu|meme (bien|appartement|maison|logement|annonce)"
        r"|same (flat|home|house|property|apartment)|fusionn|\bmerge|en double|deux fois|\btwice"
    ),
}
_FACETS = {
    "price": re.compile(r"\bprix|\bprice|\bloyer|\brent\b|€|\beuros?\b"),
    "media": re.compile(r"\bphotos?\b|\bimages?\b|\bpictures?\b|\bvideos?\b"),
    "location": re.compile(
        r"\badresse|\baddress|localisation|\blocation|mauvaise ville|wrong city"
    ),
    "status": re.compile(
        r"\bvendue?s?\b|\bsold\b|\blouee?s?\b|\brented\b|expiree?|expired|retiree?|withdrawn"
        r"|plus en ligne"
    ),
    "link": re.compile(r"\bliens?\b|\blinks?\b|\b404\b|page vide|\bdead\b|introuvable"),
    "description": re.compile(r"\bdescription|\btextes?\b|\btext\b"),
    "contact": re.compile(r"\bcontact|telephone|\bphone|\be-?mail|\bnumero"),
    "publisher": re.compile(r"\bagence|\bagency|diffuseur|publisher"),
    "attributes": re.compile(
        r"\bsurface|m2\b|m²|\bpieces?\b|rooms?\b|\bchambres?\b|\bdpe\b|\betage|\bfloor"
    ),
}
_ADDRESS = re.compile(r"://|\.\w{2,24}/")


def guess(text: str, *, count: int) -> Mapping[str, Value]:
    """The `issueKind` that fits a text, with its `clusteringAction` or `issueFacets`; empty when no
    word fits. Facets and kinds are Immoteur's.

    :param count: how many targets are named: one alone cannot be merged. With none, the person
        still names them.
    """
    bare = searched(" ".join(word for word in text.split() if not _ADDRESS.search(word)))
    if _CLUSTERING["split"].search(bare):
        return SPLIT
    if _CLUSTERING["merge"].search(bare):
        return {"issueKind": "other"} if count == 1 else MERGE
    facets = tuple(facet for facet in FACETS if facet in _FACETS and _FACETS[facet].search(bare))
    return {"issueKind": "data", "issueFacets": facets} if facets else {}
