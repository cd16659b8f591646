"""What kind of issue a message about a listing most likely tells of, by its words.

A guess only fills in a form that the person reads and sends: where no word fits, nothing is
guessed. Facets and kinds are Immoteur's.
"""

import re
import unicodedata
from collections.abc import Mapping

_CLUSTERING = {
    "split": re.compile(r"pas (le|la) meme|not the same|separer|split|different (flat|home|house)"),
    "merge": re.compile(
        r"doublon|duplicat|meme (bien|appartement|maison|logement|annonce)"
        r"|same (flat|home|house|property|apartment)|fusionner|merge|en double|deux fois|twice"
    ),
}
_FACETS = {
    "price": re.compile(r"prix|price|loyer|\brent\b|€|euros?"),
    "media": re.compile(r"photos?|images?|pictures?|videos?"),
    "location": re.compile(r"adresse|address|localisation|location|mauvaise ville|wrong city"),
    "status": re.compile(
        r"vendue?|\bsold\b|louee?|\brented\b|expiree?|expired|retiree?|withdrawn|plus en ligne"
    ),
    "link": re.compile(r"liens?|\blinks?\b|404|page vide|dead|introuvable"),
    "description": re.compile(r"description|texte|text"),
    "contact": re.compile(r"contact|telephone|phone|e-?mail|numero"),
    "publisher": re.compile(r"agence|agency|diffuseur|publisher"),
    "attributes": re.compile(r"surface|m2|m²|pieces?|rooms?|chambres?|bedrooms?|dpe|etage|floor"),
}


def guess(text: str) -> Mapping[str, str | tuple[str, ...]]:
    """`issueKind`, with its `clusteringAction` or `issueFacets`; empty when no word fits."""
    bare = _bare(re.sub(r"\S*://\S+|\S+\.\w+/\S*", " ", text))
    for action, pattern in _CLUSTERING.items():
        if pattern.search(bare):
            return {"issueKind": "clustering", "clusteringAction": action}
    facets = tuple(name for name, pattern in _FACETS.items() if pattern.search(bare))
    return {"issueKind": "data", "issueFacets": facets} if facets else {}


def _bare(text: str) -> str:
    """Lower case, no accents."""
    parts = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(one for one in parts if not unicodedata.combining(one))
