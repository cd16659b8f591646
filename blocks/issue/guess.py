"""What kind of issue a message about a listing most likely tells of, by its words.

A guess only fills in a form that the person reads and sends: where no word fits, nothing is
guessed. Facets and kinds are Immoteur's.
"""

import re
import unicodedata
from collections.abc import Mapping

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


def guess(text: str, *, named: int) -> Mapping[str, str | tuple[str, ...]]:
    """`issueKind`, with its `clusteringAction` or `issueFacets`; empty when no word fits.

    :param named: how many targets there are: one alone cannot be merged
    """
    bare = _bare(" ".join(word for word in text.split() if not _LINK.search(word)))
    if _CLUSTERING["split"].search(bare):
        return {"issueKind": "clustering", "clusteringAction": "split"}
    if _CLUSTERING["merge"].search(bare):
        if named < 2:
            return {"issueKind": "other"}
        return {"issueKind": "clustering", "clusteringAction": "merge"}
    facets = tuple(name for name, pattern in _FACETS.items() if pattern.search(bare))
    return {"issueKind": "data", "issueFacets": facets} if facets else {}


_LINK = re.compile(r"://|\.\w{2,24}/")


def _bare(text: str) -> str:
    """Lower case, no accents."""
    parts = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(one for one in parts if not unicodedata.combining(one))
