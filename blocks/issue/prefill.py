"""What the words after `/report-issue`, or a message, fill into its form."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from blocks.answers import Value
from blocks.issue import ids, links, targets
from blocks.issue.guess import guess
from blocks.issue.model import COMMENT_LIMIT, FIELD_LIMIT
from blocks.mrkdwn import cut, plain, split

SKIPPED = "links.skipped"
"""How many links were more than a form takes: no field, but told in it."""

_KIND_WORDS: Mapping[str, Mapping[str, Value]] = {
    "data": {"issueKind": "data"},
    "clustering": {"issueKind": "clustering"},
    "merge": {"issueKind": "clustering", "clusteringAction": "merge"},
    "split": {"issueKind": "clustering", "clusteringAction": "split"},
    "other": {"issueKind": "other"},
}
_MARKED = ("classified:", "classifieds:")
_CLASSIFIEDS = re.compile(rf"(?i)\bclassifieds?:\s*((?:{ids.UUID.pattern}[\s,;|]*)+)")


def from_words(text: str) -> Mapping[str, Value]:
    """`[kind] ids, links, words`: ids behind `classified:` are classifieds, links are listings to
    look up, the rest is the comment.
    """
    kind, text = _leading_kind(plain(text))
    values, comment = _sorted_out(text)
    named = targets.read(str(values.get("propertyIds", "")))
    if not kind and named.links:
        # A form with a link should need nothing but to be sent.
        kind = {**guess(comment, named=len(named.ids) + len(named.links))}
        kind = kind or ({"issueKind": "other"} if comment.strip() else {})
    return {**kind, **values, **comment_fields(comment)}


def from_message(message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
    """Ids and listings from wherever they hide; the text and the permalink are the comment."""
    text = plain(str(message.get("text") or ""))
    room = COMMENT_LIMIT - len(link or "") - 2
    comment = "\n".join(part for part in (cut(text, room), link) if part)
    found = links.in_message(message)
    here = ids.in_message(message)
    values = _targets([*here], [], [*found])
    kind = guess(text, named=len(here) + len(found)) if found else {}
    return {**kind, **values, **comment_fields(comment)}


def comment_fields(text: str) -> dict[str, Value]:
    """Fill the first field, and where that is too short the second."""
    text = text.strip()
    if not text:
        return {}
    if len(text) <= FIELD_LIMIT:
        return {"comment": text}
    piece = split(text, FIELD_LIMIT)[0]
    first, rest = piece.rstrip(), text[len(piece) :].strip()
    room = min(FIELD_LIMIT, COMMENT_LIMIT - len(first) - 1)
    return {"comment": first, "comment.more": cut(rest, room)}


def _targets(properties: list[str], classifieds: list[str], found: list[str]) -> dict[str, Value]:
    """The fields of ids, with the links to look up behind the ids of properties, as many as fit."""
    named, taken = [*ids.once(properties)], found[: links.MOST]
    if len("\n".join([*named, *taken])) > FIELD_LIMIT:
        taken = [links.untracked(one) for one in taken]
    while taken and len("\n".join([*named, *taken])) > FIELD_LIMIT:
        taken.pop()
    lists = {"propertyIds": [*named, *taken], "classifiedIds": ids.once(classifieds)}
    values: dict[str, Value] = {
        name: targets.lines(named, room=FIELD_LIMIT) for name, named in lists.items() if named
    }
    if len(found) > len(taken):
        values[SKIPPED] = len(found) - len(taken)
    return values


def _leading_kind(text: str) -> tuple[dict[str, Value], str]:
    first, *rest = text.split(maxsplit=1) or [""]
    kind = _KIND_WORDS.get(first.lower().rstrip(":,"))
    return (dict(kind), "".join(rest)) if kind else ({}, text)


def _sorted_out(text: str) -> tuple[dict[str, Value], str]:
    """Ids and links by list, and what is left of the text."""
    classifieds: list[str] = []

    def take(run: re.Match[str]) -> str:
        classifieds.extend(ids.in_text(run[1]))
        return " "

    properties: list[str] = []
    found: list[str] = []
    left: list[str] = []
    for piece in re.split(r"(\s+)", _CLASSIFIEDS.sub(take, text)):
        word, named = piece, properties
        if piece.lower().startswith(_MARKED):
            word, named = piece.partition(":")[2], classifieds
        if alone := _ids_alone(word):
            named.extend(alone)
        elif inside := ids.in_text(word):
            named.extend(inside)  # a link stays in the comment and gives its id
            left.append(piece)
        elif here := links.in_words(word):
            found.extend(here)
            left.append(_beside(here, piece))
        else:
            left.append("" if piece and not piece.strip(",;|") else piece)
    return _targets(properties, classifieds, found), re.sub(r"[ \t]{2,}", " ", "".join(left))


def _beside(here: Iterable[str], piece: str) -> str:
    """What else a word says, such as `see:` before a link."""
    for link in here:
        piece = piece.replace(link, " ")
    rest = piece.partition(":")[2] if piece.lower().startswith(_MARKED) else piece
    return rest if re.search(r"\w", rest) else ""


def _ids_alone(piece: str) -> list[str]:
    """The ids of a word that is made of nothing else, such as `id,id`."""
    found = [ids.alone(part) for part in re.split(r"[,;|]", piece) if part]
    return [one for one in found if one] if found and all(found) else []
