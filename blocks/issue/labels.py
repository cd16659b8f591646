"""The word before an id that says what the id names, such as `annonce :` or `Request-ID:`."""

import re
from dataclasses import dataclass
from typing import Literal

from blocks.mrkdwn import shown

_REACH = 64
"""Characters before an id that are read for its label."""
_PLAIN = str.maketrans("àâäçéèêëîïôöùûüÿ°", "aaaceeeeiioouuuyo")
"""`°` as in `n°`."""
_ID_WORD = (
    r"(?<![a-z])(?:ids?|uuids?|guid|identifi(?:ant|er)s?|ref|reference"
    r"|numeros?|numbers?|num|nos?|nr)(?![a-z])"
)
_NAMES_ID = re.compile(_ID_WORD)
_ID_OF = re.compile(rf"{_ID_WORD}\s+(?:de\s+|du\s+|of\s+)?(?:la\s+|the\s+|l['’])?$")
_MARK = re.compile(r"[:：=|«“„\"]")
_PATH = re.compile(r"(?i)(?<![\w/\\])(?:[a-z]:|~|\.{1,2})?[\\/]{1,2}(?:[\w.@%-]+[\\/])+$")
"""Ends before the part of a path that is looked at."""
_IN_WORD = re.compile(r"[\w'’@]$")
_LABEL = re.compile(
    # A word, and behind it only marks, words such as `id` and `is`, up to the id itself.
    r"(?P<word>[a-z]+)"
    rf"(?P<tail>(?:[\s\"'’`*_~:：=|#()\[\]{{}}<>«»“”‘/-]++(?:{_ID_WORD}|(?:is|est)(?![a-z]))?+)*+)$"
)
_CLASSIFIED = frozenset({"classified", "classifieds", "annonce", "annonces", "listing", "listings"})
_PROPERTY = frozenset(
    {"property", "properties", "propriete", "proprietes", "bien", "biens", "logement", "logements"}
    | {"home", "homes"}
)
_HOMES = _CLASSIFIED | _PROPERTY
_TECHNICAL = frozenset(
    {"request", "requete", "trace", "span", "correlation", "session", "event", "evenement"}
    | {"transaction", "job", "run", "build", "commit", "token", "search", "recherche", "ticket"}
    | {"incident", "user", "utilisateur", "device", "tenant", "workspace", "upload", "batch"}
)
"""What is called by a UUID in software, and never a property."""
_ELSEWHERE = _TECHNICAL | frozenset(
    {"error", "erreur", "log", "task", "tache", "message", "client", "customer", "account"}
    | {"compte", "contact", "agent", "agency", "agence", "publisher", "diffuseur", "alert"}
    | {"alerte", "appareil", "organization", "organisation", "org", "team", "equipe", "file"}
    | {"fichier", "document", "photo", "image", "media", "picture", "call", "appel", "meeting"}
    | {"reunion", "visit", "visite", "visitor", "visiteur", "campaign", "campagne", "key", "cle"}
    | {"api", "process", "instance", "host", "node", "pod", "container", "release", "deployment"}
    | {"person", "personne", "profile", "profil", "lead", "query", "export", "import", "webhook"}
)
"""What else has ids: these words name an id only together with such a word as `id`."""


@dataclass(frozen=True)
class Label:
    kind: Literal["property", "classified", "elsewhere", ""]
    """The kind of thing that the id names; empty without a label."""
    length: int = 0
    """Characters up to the id, where the label is a word of its own for a property or listing."""


NO_LABEL = Label("")


def label_before(text: str, end: int, *, begin: int = 0) -> Label:
    """What stands before the place `end` of a text, and not before `begin`."""
    # In a copied table a tab stands between a label and its value.
    typed = text[max(begin, end - _REACH) : end].replace("\t", ":")
    before = shown(typed).lower().translate(_PLAIN)
    found = _LABEL.search(before)
    if found is None:
        return NO_LABEL
    word, tail, rest = found["word"], found["tail"], before[: found.start()]
    names_id = word.endswith(("id", "ids")) or _NAMES_ID.search(tail) or _ID_OF.search(rest)
    word = word if word in _HOMES else word.removesuffix("s").removesuffix("id")
    # A heading: the label fills its line, and the id stands below.
    heads = "\n" in tail and not rest.rpartition("\n")[2].strip(" *_•")
    marked = heads or _MARK.search(tail)
    if word in _HOMES and (names_id or marked):
        alone = marked and not _IN_WORD.search(rest)
        kind: Literal["property", "classified"] = (
            "classified" if word in _CLASSIFIED else "property"
        )
        return Label(kind, _length(typed, found[0]) if alone else 0)
    if (word in _ELSEWHERE and names_id) or (word in _TECHNICAL and marked):
        return Label("elsewhere")
    return NO_LABEL


def is_elsewhere_in_path(text: str, end: int) -> bool:
    """Whether the place `end` of a text is in the path of a file or of an API, such as
    `/var/log/`, and the path names no home, as `/v1/properties/` does.
    """
    path = _PATH.search(text[max(0, end - _REACH) : end])
    segments = re.split(r"[\\/]", path[0].lower()) if path else []
    return path is not None and not _HOMES.intersection(segments)


def _length(typed: str, label: str) -> int:
    """How many of the last characters of a text show a label that the text ends with."""
    lengths = range(len(label), len(typed) + 1)
    return next(
        (count for count in lengths if len(shown(typed[len(typed) - count :])) >= len(label)), 0
    )
