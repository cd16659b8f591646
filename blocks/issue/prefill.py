"""What the words after `/report-issue`, or a message, fill into its form."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from blocks import message as messages
from blocks.answers import Value
from blocks.issue import links, targets
from blocks.issue.model import COMMENT_LIMIT, FIELD_LIMIT, IssueReport
from blocks.issue.state import SKIPPED
from blocks.issue.targets import WRAPPING, Mention
from blocks.mrkdwn import cut, is_blank, plain, shown, split

_MERGE: Mapping[str, Value] = {"issueKind": "clustering", "clusteringAction": "merge"}
_SPLIT: Mapping[str, Value] = {"issueKind": "clustering", "clusteringAction": "split"}
_KIND_WORDS: Mapping[str, Mapping[str, Value]] = {
    "data": {"issueKind": "data"},
    "donnee": {"issueKind": "data"},
    "donnees": {"issueKind": "data"},
    "clustering": {"issueKind": "clustering"},
    "regroupement": {"issueKind": "clustering"},
    "merge": _MERGE,
    "fusion": _MERGE,
    "fusionner": _MERGE,
    "split": _SPLIT,
    "separer": _SPLIT,
    "scinder": _SPLIT,
    "other": {"issueKind": "other"},
    "autre": {"issueKind": "other"},
}
"""In lower case, without accents."""
_FIRST_WORD = re.compile(r"\s*([^\s:：,]+)\s*[:：,]?\s*")
"""The word that a command begins with, and a colon behind it as French or English put it."""
_HOLE = "\0"
"""Stands in a text where a target was named."""


def from_words(text: str) -> Mapping[str, Value]:
    """`[kind] ids, links, words`: ids behind `classified:` or `annonce :` are classifieds, links
    are listings to look up, the rest is the comment.
    """
    kind, text = _leading_kind(targets.legible(plain(text).replace(_HOLE, "")))
    mentions = list(targets.in_text(text))
    comment = _without(text, mentions)
    if not kind and any(mention.kind == "link" for mention in mentions):
        # A form with a link should need nothing but to be sent.
        count = len({mention.value for mention in mentions if mention.kind != "classified"})
        kind = guess(comment, count=count) or ({} if is_blank(comment) else {"issueKind": "other"})
    return {**kind, **_fields(mentions), **comment_fields(comment)}


def from_message(message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
    """The ids and listings that a reader sees in a message; its words and its permalink are the
    comment.

    :param link: the permalink, None where there is none
    """
    pieces = messages.read(message)
    mentions: list[Mention] = []
    for piece in pieces:
        mentions += targets.in_parts(piece.parts)
        for address in piece.behind:
            mentions += targets.in_address(address)
    room = COMMENT_LIMIT - len(link or "") - 2
    comment = "\n".join(part for part in (cut(messages.words(message), room), link) if part)
    kind: Mapping[str, Value] = {}
    if any(mention.kind == "link" for mention in mentions):
        written = messages.words_of(piece for piece in pieces if piece.own)
        count = len({mention.value for mention in mentions if mention.kind != "classified"})
        kind = guess(written or messages.words_of(pieces), count=count)
    return {**kind, **_fields(mentions), **comment_fields(comment)}


def from_payload(payload: Mapping[str, Any]) -> Mapping[str, Value]:
    """What a stored body fills in when it is edited."""
    report = IssueReport.model_validate(payload)
    return {
        "issueKind": report.issueKind,
        "clusteringAction": report.clusteringAction,
        "issueFacets": report.issueFacets,
        "propertyIds": targets.lines([*report.propertyIds, *report.links], room=FIELD_LIMIT),
        "classifiedIds": targets.lines(report.classifiedIds, room=FIELD_LIMIT),
    } | comment_fields(report.comment)


def comment_fields(text: str) -> dict[str, Value]:
    """Fill the first comment field, and where that is too short the second."""
    text = text.strip()
    if is_blank(text):
        return {}
    if len(text) <= FIELD_LIMIT:
        return {"comment": text}
    piece = split(text, FIELD_LIMIT)[0]
    first, rest = piece.rstrip(), text[len(piece) :].strip()
    room = min(FIELD_LIMIT, COMMENT_LIMIT - len(first) - 1)
    return {"comment": first, "comment.more": cut(rest, room)}


def _fields(mentions: Iterable[Mention]) -> dict[str, Value]:
    """The fields of ids, with the links to look up behind the ids of properties, as many as fit."""
    values: dict[str, list[str]] = {"property": [], "classified": [], "link": []}
    for mention in mentions:
        values[mention.kind].append(mention.value)
    properties, found = targets.once(values["property"]), links.once(values["link"])
    taken = list(found[: links.MOST])
    if len("\n".join([*properties, *taken])) > FIELD_LIMIT:
        taken = [links.untracked(link) for link in taken]
    while taken and len("\n".join([*properties, *taken])) > FIELD_LIMIT:
        taken.pop()
    lists = {
        "propertyIds": (*properties, *taken),
        "classifiedIds": targets.once(values["classified"]),
    }
    fields: dict[str, Value] = {
        name: targets.lines(named, room=FIELD_LIMIT) for name, named in lists.items() if named
    }
    if len(found) > len(taken):
        fields[SKIPPED] = len(found) - len(taken)
    return fields


def _leading_kind(text: str) -> tuple[Mapping[str, Value], str]:
    first = _FIRST_WORD.match(text)
    kind = _KIND_WORDS.get(_without_accents(first[1])) if first else None
    return (kind, text[first.end() :]) if first and kind else ({}, text)


def _without(text: str, mentions: Iterable[Mention]) -> str:
    """A command's text without the words that only name targets. An id in a word that says more
    stays, and so does the address of a page of Immoteur's.
    """
    taken = [mention for mention in mentions if not mention.within]
    holed, end = "", 0
    for mention in taken:
        holed += text[end : mention.label] + _HOLE
        end = mention.end
    named = iter(taken)
    words = [
        _left(word, text, [next(named) for _ in range(word.count(_HOLE))])
        for word in re.split(r"(\s+)", holed + text[end:])
    ]
    return re.sub(r"[ \t]{2,}", " ", "".join(words))


def _left(word: str, text: str, here: list[Mention]) -> str:
    """What is left of a word in which targets were named, such as `see:` before a link."""
    if not here:  # a separator of two targets stands for itself at times
        return word if word.strip(",;|") else ""
    rest = word.replace(_HOLE, " ")
    if not rest.strip(WRAPPING + ",;| "):
        return ""
    if all(mention.kind == "link" for mention in here):
        return rest if re.search(r"\w", rest) else ""
    for mention in here:
        word = word.replace(_HOLE, text[mention.label : mention.end], 1)
    return word


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
    """The kind of issue that a text about a listing most likely reports, with its
    `clusteringAction` or `issueFacets`; empty when no word fits. A person reads the form that it
    fills, and sends it. Facets and kinds are Immoteur's.

    :param count: how many targets there are: one alone cannot be merged
    """
    bare = _without_accents(" ".join(word for word in text.split() if not _ADDRESS.search(word)))
    if _CLUSTERING["split"].search(bare):
        return _SPLIT
    if _CLUSTERING["merge"].search(bare):
        return _MERGE if count > 1 else {"issueKind": "other"}
    facets = tuple(name for name, pattern in _FACETS.items() if pattern.search(bare))
    return {"issueKind": "data", "issueFacets": facets} if facets else {}


def _without_accents(text: str) -> str:
    """Lower case in its plain form, no accents."""
    letters = unicodedata.normalize("NFD", shown(text).lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
