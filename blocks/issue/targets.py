"""The targets of an issue in a command or a message: ids of properties and classifieds, and links
of listings. `field` reads the form's own fields.

Source: the contracts accept any 8-4-4-4-12 hexadecimal UUID in either case; we send lower case.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from blocks.issue import links
from blocks.issue.labels import NO_LABEL, is_elsewhere_in_path, label_before
from blocks.mrkdwn import Link, shown, without_invisible

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Not in the middle of a longer word; the hyphen of a list may touch it.
_START, _END = r"(?<![0-9a-z])(?<![0-9a-z]-)", r"(?!-?[0-9a-z])"
UUID = re.compile(rf"(?i){_START}{_ID}{_END}")
_FILE = (
    r"\.(?:jpe?g|png|gif|webp|avif|heic|svg|bmp|tiff?|mp[34]|mov|pdf|docx?|xlsx?|pptx?|od[ts]|csv"
    r"|txt|md|json|xml|ya?ml|html?|eml|msg|zip|log|ics|vcf)\b"
)
# An id, and not the beginning of an e-mail address or the name of a file.
_NAMED = re.compile(rf"(?i){_START}(?<!@){_ID}{_END}(?!@|{_FILE})")
WRAPPING = "<>()[]{}\"'`“”‘’«»•*.:-–—/&+"
"""What may stand around an id."""
_WORD = re.compile(r"\S+")
_MARKS = rf"[\s,;|{re.escape(WRAPPING)}]"
LIST = re.compile(rf"(?i){_MARKS}*+(?:(?:et|and|ou|or){_MARKS}++)?+")
"""Between two ids of one list."""

Kind = Literal["property", "classified"]


@dataclass(frozen=True)
class Mention:
    """An id or a link somewhere in a text."""

    kind: Kind | Literal["link"]
    value: str
    start: int
    end: int
    label: int
    """The beginning of the label before an id; `start` if there is none."""
    within: bool = False
    """Whether it is an id in a link."""


def once(ids: Iterable[str]) -> tuple[str, ...]:
    """Lower case, repeats dropped, order kept."""
    return tuple(dict.fromkeys(id_.lower() for id_ in ids))


def in_link(link: str) -> tuple[str, ...]:
    """The ids that a link names: those of a page of Immoteur's, and none of any other."""
    return once(UUID.findall(shown(links.named_in(link) or "")))


def in_text(text: str) -> Iterator[Mention]:
    """The ids and links of a legible text that may name a property or a listing, in order.

    An id that a label gives to something else, such as a request, is passed over. So is an id in a
    link, a path, an e-mail address or a file's name, unless the link is a page of Immoteur's.
    """
    label, end = NO_LABEL, 0
    for found, is_address in _found(text):
        if not end or not LIST.fullmatch(text, end, found.start()):
            label = label_before(text, found.start(), begin=end)
        else:
            label = replace(label, length=0)  # it stands before the first of its list
        end = found.end()
        labelled_at = found.start() - label.length
        kind: Kind = "classified" if label.kind == "classified" else "property"
        if is_address:
            yield from _in_address(found, kind, labelled_at)
        elif label.kind != "elsewhere" and not is_elsewhere_in_path(text, found.start()):
            yield Mention(kind, found[0].lower(), found.start(), end, labelled_at)


def _found(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Addresses, and ids outside of them, in order, and which of the two each is."""
    addresses = [(found, True) for found in links.ADDRESS.finditer(text)]
    ids = [(found, False) for found in _NAMED.finditer(text)]
    end = 0
    for found, is_address in sorted([*addresses, *ids], key=lambda pair: pair[0].start()):
        if found.start() >= end:
            yield found, is_address
            end = found.end()


def _in_address(word: re.Match[str], kind: Kind, labelled_at: int) -> Iterator[Mention]:
    """The links of a word, which may be several behind each other, or the ids that they hold."""
    start = word.start()
    for piece in links.apart(word[0]):
        link = links.trimmed(piece)
        end = start + len(link)
        if ids := in_link(link):
            yield from (Mention(kind, id_, start, end, start, within=True) for id_ in ids)
        elif links.may_be_listing(link):
            yield Mention("link", link, start, end, min(start, labelled_at))
        start, labelled_at = start + len(piece) + 1, start + len(piece) + 1


def in_parts(parts: Iterable[str | Link]) -> Iterator[Mention]:
    """As `in_text`, of words with links between them. The places of mentions mean nothing here."""
    before = ""
    for part in parts:
        if isinstance(part, str):
            before += part
            continue
        yield from in_text(legible(before))
        kind: Kind = "property"
        if label_before(before, len(before)).kind == "classified":
            kind = "classified"
        before = ""
        yield from in_address(part.address, kind)
        if str(part) != part.address:
            yield from in_text(legible(part.label))
    yield from in_text(legible(before))


def in_address(address: str, kind: Kind = "property") -> Iterator[Mention]:
    """The targets in the address behind a link or a button."""
    link = without_invisible(address)
    if ids := in_link(link):
        yield from (Mention(kind, id_, 0, 0, 0, within=True) for id_ in ids)
    elif links.may_be_listing(link):
        yield Mention("link", link, 0, 0, 0)


def legible(text: str) -> str:
    """A text in which each word that holds an id or a link is in its plain form: a copied hyphen
    may be another one, and a copied word may hold invisible characters. The other words are as
    typed.
    """
    if text.isascii():
        return text
    return _WORD.sub(_legible, unicodedata.normalize("NFC", text))


def _legible(word: re.Match[str]) -> str:
    typed = word[0]
    if typed.isascii():
        return typed
    visible, form = without_invisible(typed), shown(typed)
    if links.SHAPE.search(visible):
        return visible
    return form if UUID.search(form) or links.SHAPE.search(form) else typed
