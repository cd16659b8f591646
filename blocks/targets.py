"""What a report is about, as people name it: ids, and links of listings in their place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from blocks import ids, links

_BETWEEN_LINKS = re.compile(r"(?i)[,;|](?=https?://|www\.)")
_BEFORE, _BEHIND = "<([{\"'`“‘«•*", ".,;:!?)]}>\"'`”’»*"


@dataclass(frozen=True)
class Targets:
    """What a field held, once each and in order. A link that holds an id counts as that id."""

    ids: tuple[str, ...]
    links: tuple[str, ...]
    others: tuple[str, ...]
    """What is neither, as typed."""


def read(text: str) -> Targets:
    """A field where only ids and links belong, separated by anything sensible."""
    found: dict[str, str] = {}
    rest: list[str] = []
    for word in text.split():
        for piece in _BETWEEN_LINKS.split(word):
            bare = piece.lstrip(_BEFORE).rstrip(_BEHIND)
            if links.is_link(bare) and not ids.in_text(bare):
                found.setdefault(links.same(bare), bare)
            else:
                rest.append(piece)
    named = ids.read("\n".join(rest))
    return Targets(named.found, tuple(found.values()), named.others)


def lines(named: Iterable[str], *, room: int) -> str:
    """One a line, as many as the field takes; a mark that must be taken away says that some were
    left out.
    """
    text, kept = "", list(named)
    while kept and len(text) + len(kept[0]) + 1 <= room - 2:
        text += kept.pop(0) + "\n"
    return (text + ("…" if kept else "")).rstrip("\n")
