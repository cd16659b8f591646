"""What a report is about, as people name it: ids, and links of listings in their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from blocks.issue import ids, links

_BEFORE, _BEHIND = "<([{\"'`“‘«•*\u200b\ufeff", ".,;:!?)]}>\"'`”’»*…\u200b\ufeff"


@dataclass(frozen=True)
class Targets:
    """What a field held, once each and in order. A link that holds an id counts as that id."""

    ids: tuple[str, ...]
    links: tuple[str, ...]
    others: tuple[str, ...]
    """What is neither, as typed."""


@lru_cache(maxsize=256)  # one form's fields are read in several places, each for itself
def read(text: str) -> Targets:
    """A field where only ids and links belong, separated by anything sensible."""
    found: dict[str, str] = {}
    rest: list[str] = []
    for word in links.bare(ids.unnumbered(text)).split():
        for piece in links.apart(word):
            bare = piece.lstrip(_BEFORE).rstrip(_BEHIND)
            if links.is_link(bare) and not ids.in_text(bare):
                found.setdefault(links.same(bare), bare)
            else:
                rest.append(piece)
    named = ids.read(" ".join(rest))
    return Targets(named.found, tuple(found.values()), named.others)


def lines(named: Iterable[str], *, room: int) -> str:
    """One a line, as many as the field takes; a mark that must be taken away says that some were
    left out.
    """
    text, kept = "", list(named)
    if len(whole := "\n".join(kept)) <= room:
        return whole
    while kept and len(text) + len(kept[0]) + 1 <= room - 2:
        text += kept.pop(0) + "\n"
    return text + "…"
