"""The words after `/report-issue`: the targets that they name, and the kind of issue and the facets
that they choose.

A kind may stand before or behind the targets, in English or French, with or without accents, and
facets behind `data`: `séparer <id> <id>`, `<id> <id> données prix`, `<link> photos`. Such a word is
no part of the comment.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from blocks.answers import Value
from blocks.compared import searched
from blocks.issue import targets
from blocks.issue.guess import MERGE, SPLIT, guess
from blocks.issue.model import FACETS
from blocks.issue.targets import WRAPPING, Mention
from blocks.mrkdwn import is_blank, plain

_DATA: Mapping[str, Value] = {"issueKind": "data"}
_CLUSTERING: Mapping[str, Value] = {"issueKind": "clustering"}
_OTHER: Mapping[str, Value] = {"issueKind": "other"}
_KINDS: Mapping[str, Mapping[str, Value]] = {
    **dict.fromkeys(("data", "donnee", "donnees"), _DATA),
    **dict.fromkeys(("clustering", "regroupement", "regrouper"), _CLUSTERING),
    **dict.fromkeys(("merge", "fusion", "fusionner", "fusionnez"), MERGE),
    **dict.fromkeys(("split", "separer", "separez", "separation", "scinder", "dissocier"), SPLIT),
    **dict.fromkeys(("other", "autre", "autres"), _OTHER),
}
"""In lower case, without accents."""
_PHRASES: Mapping[tuple[str, str], Mapping[str, Value]] = {
    ("autre", "chose"): _OTHER,
    ("something", "else"): _OTHER,
}
_FACETS: Mapping[str, str] = {
    **dict.fromkeys(("price", "prix", "rent", "loyer"), "price"),
    **dict.fromkeys(("media", "medias", "photo", "photos", "image", "images"), "media"),
    **dict.fromkeys(("status", "statut"), "status"),
    **dict.fromkeys(("location", "localisation", "address", "adresse"), "location"),
    "description": "description",
    **dict.fromkeys(("attributes", "attributs", "caracteristiques", "surface"), "attributes"),
    **dict.fromkeys(("contact", "contacts"), "contact"),
    **dict.fromkeys(("publisher", "diffuseur", "agency", "agence"), "publisher"),
    **dict.fromkeys(("link", "links", "lien", "liens"), "link"),
}
_OTHER_FACET = {"other": "other", "autre": "other"}
"""A facet behind `data` only: elsewhere it is a kind."""
_BETWEEN = frozenset({"et", "and", "ou", "or", "avec", "with", "vs"})
"""Words that say nothing between two targets."""
_JOINING = _BETWEEN | {"le", "la", "les", "the"}
"""Words that say nothing between facets."""
_WORD = re.compile(r"\s*([^\s:：,;|]+)(\s*[:：,;|])?\s*")
_TO_TARGET = re.compile(r"\s*[:：,;](\s*)$")
"""A mark before a target, such as a colon."""
_MARKS = (
    r"\-*+=<>/&.:：,;|\"'`·§\u2013-\u2015\u2022-\u2027\u2043\u204c\u204d\u2190-\u21ff\u2219"
    r"\u25a0-\u25ff\u2794-\u27bf\uf0a7\uf0b7\uf0d8"
)
"""Dashes, bullets and arrows, also those of Word's own fonts, and marks of punctuation."""
_BEFORE = re.compile(rf"[{_MARKS}(\[{{«“‘]+")
"""A word of marks that belongs to the target behind it."""
_BEHIND = re.compile(rf"(?:[^\S\n]*[{_MARKS})\]}}»”’]++(?!\S))+")
"""Words of marks that belong to the target before them."""
_NUMBER = re.compile(r"\s*(?:\d{1,3}[.)]|o)\s*")
"""The number of a line in a list, or the bullet that Word writes as a letter."""
_HOLE = "\0"
"""Stands in a text where a target was named."""


@dataclass(frozen=True)
class Command:
    mentions: Sequence[Mention] = ()
    """The targets in the text, in order."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """The kind, with its action or facets; empty where no word chose or suggested one."""
    comment: str = ""
    """The other words."""


@dataclass(frozen=True)
class _Choice:
    """The words that were taken as a choice so far."""

    kind: Mapping[str, Value] = field(default_factory=dict)
    facets: tuple[str, ...] = ()


def parse(text: str) -> Command:
    """Read the text after a command, as Slack sends it."""
    text = targets.legible(plain(text).replace(_HOLE, ""))
    mentions = list(targets.in_text(text))
    choice, comment = _Choice(), []
    segments = _holed(text, mentions).split(_HOLE)
    last = len(segments) - 1
    for place, segment in enumerate(segments):
        unmarked = _unmarked(segment, behind=place > 0, before=place < last)
        choice, rest = _chosen(unmarked, choice)
        if place < last:
            rest = _TO_TARGET.sub(r" \1", rest)
        if set(rest.split()) - _BETWEEN or not 0 < place < last:
            comment.append(rest)
    words = re.sub(r"[ \t]{2,}", " ", " ".join(comment))
    words = re.sub(r"[ \t]*\n[ \t]*", "\n", words).strip()
    return Command(mentions, _values(choice, words, mentions), words)


def _unmarked(segment: str, *, behind: bool, before: bool) -> str:
    """A segment without the marks around the targets beside it: bullets, numbers of a list, dashes
    and quotation marks.

    :param behind: whether it stands behind a target
    :param before: whether it stands before one
    """
    if behind and (marks := _BEHIND.match(segment)):
        segment = segment[marks.end() :]
    if not before:
        return segment
    lines, newline, line = segment.rpartition("\n")
    for word in reversed(list(re.finditer(r"\S+", line))):
        if not _BEFORE.fullmatch(word[0]):
            break
        line = line[: word.start()]
    return lines + newline + ("" if _NUMBER.fullmatch(line) else line)


def count(mentions: Iterable[Mention]) -> int:
    """How many things are named that could be merged. A classified beside a property may be its
    own.
    """
    mentions = list(mentions)
    values = {mention.value for mention in mentions if mention.kind != "classified"}
    return len(values or {mention.value for mention in mentions})


def _values(choice: _Choice, comment: str, mentions: Sequence[Mention]) -> Mapping[str, Value]:
    guessed = guess(comment, count=count(mentions))
    kind = choice.kind or ({"issueKind": "data"} if choice.facets else {})
    if not kind:
        # A form in which something is named should need nothing but to be sent.
        return guessed or ({} if is_blank(comment) or not mentions else _OTHER)
    suggested = guessed.get("issueFacets")
    facets = choice.facets or (suggested if isinstance(suggested, tuple) else ())
    if kind == _DATA and facets:
        return {**kind, "issueFacets": tuple(name for name in FACETS if name in facets)}
    if kind == _CLUSTERING and guessed.get("issueKind") == "clustering":
        return guessed
    return kind


def _chosen(segment: str, choice: _Choice) -> tuple[_Choice, str]:
    """The choice with that of the words at the beginning of a segment, and the other words."""
    kind, end = _kind(segment) if not choice.kind else ({}, 0)
    if kind:
        choice, segment = replace(choice, kind=kind), segment[end:]
    if choice.kind in ({}, _DATA) and not choice.facets:
        facets, end = _facets(segment, others=bool(kind))
        if facets and (kind or end == len(segment)):
            return replace(choice, facets=facets), segment[end:]
    return choice, segment


def _kind(segment: str) -> tuple[Mapping[str, Value], int]:
    """The kind that a segment begins with, and the end of its words."""
    first = _WORD.match(segment)
    if first is None:
        return {}, 0
    word, second = searched(first[1]), _WORD.match(segment, first.end())
    if second and (phrase := _PHRASES.get((word, searched(second[1])))):
        return phrase, second.end()
    return (_KINDS[word], first.end()) if word in _KINDS else ({}, 0)


def _facets(segment: str, *, others: bool) -> tuple[tuple[str, ...], int]:
    """The facets that a segment begins with, and the end of their words; none where they are the
    beginning of a sentence, such as `price is 300 000`.
    """
    names = {**_FACETS, **(_OTHER_FACET if others else {})}
    facets: list[str] = []
    end, closed = 0, False
    while word := _WORD.match(segment, end):
        name = searched(word[1])
        if name not in names and name not in _JOINING:
            break
        facets += [names[name]] if name in names else []
        end, closed = word.end(), bool(word[2]) and name in names
    if end < len(segment) and not closed:
        return (), 0
    return tuple(dict.fromkeys(facets)), end


def _holed(text: str, mentions: Iterable[Mention]) -> str:
    """A command's text with a hole for each word that only names targets. An id in a word that
    says more stays, and so does the address of a page of Immoteur's.
    """
    outermost = [mention for mention in mentions if not mention.within]
    holed, end = "", 0
    for mention in outermost:
        holed += text[end : mention.label] + _HOLE
        end = mention.end
    remaining = iter(outermost)
    words = [
        _left(word, text, [next(remaining) for _ in range(word.count(_HOLE))])
        for word in re.split(r"(\s+)", holed + text[end:])
    ]
    return "".join(words)


def _left(word: str, text: str, here: list[Mention]) -> str:
    """The rest of a word beside the targets in it, such as `see:` before a link."""
    if not here:  # a separator of two targets stands for itself at times
        return word if word.strip(",;|") else ""
    rest = word.replace(_HOLE, " ")
    if not rest.strip(WRAPPING + ",;| "):
        return _HOLE
    if all(mention.kind == "link" for mention in here):
        return rest.rstrip() + _HOLE if re.search(r"\w", rest) else _HOLE
    for mention in here:
        word = word.replace(_HOLE, text[mention.label : mention.end], 1)
    return word
