"""Ids of properties and classifieds, wherever people put them.

Source: the contracts accept any 8-4-4-4-12 hexadecimal UUID in either case; we send lower case.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

UUID = re.compile(
    r"(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z-])",
    re.IGNORECASE,
)
LENGTH = 36
_SEPARATORS = re.compile(r"[\s,;|]+")
_WRAPPING = "<>()[]{}\"'`“”‘’«»•*.:-–—/&+\u200b\ufeff"
_NUMBERING = re.compile(r"(?m)^\s*\d{1,3}[.)]\s")
"""`1. ` or `2) ` before a line of a list."""
_LINK = re.compile(r"(?i)^(https?://|www\.)")


@dataclass(frozen=True)
class Ids:
    """What a field of ids held: the ids, lower case, once each and in order; the rest as typed."""

    found: tuple[str, ...]
    others: tuple[str, ...]


def once(ids: Iterable[str]) -> tuple[str, ...]:
    """Lower case, repeats dropped, order kept."""
    return tuple(dict.fromkeys(one.lower() for one in ids))


def in_text(text: str) -> tuple[str, ...]:
    """Every id in a text, inside links and words too."""
    return once(UUID.findall(text))


def read(text: str) -> Ids:
    """A field where only ids (or links that hold one) belong, separated by anything sensible."""
    found: list[str] = []
    others: list[str] = []
    for token in _SEPARATORS.split(unnumbered(text)):
        word = token.strip(_WRAPPING)
        if not word:
            continue
        here = in_text(word)
        if here and (_only_ids(word) or (len(here) == 1 and _LINK.match(word))):
            found += here
        else:
            others.append(token)
    return Ids(once(found), tuple(others))


def unnumbered(text: str) -> str:
    """A list without the numbers before its lines."""
    return _NUMBERING.sub("", text)


def _only_ids(word: str) -> bool:
    return not UUID.sub("", word).strip(_WRAPPING)


def alone(word: str) -> str | None:
    """The id, if the word is one and nothing else but wrapping."""
    bare = word.strip(_WRAPPING + ",;|")
    return bare.lower() if len(bare) == LENGTH and UUID.fullmatch(bare) else None


def in_message(message: Any) -> tuple[str, ...]:
    """Every id in a Slack message: text, rich text, attachments, buttons, forwarded messages.

    Keys that name Slack's own things are passed over: a `client_msg_id` is a UUID, not a property.
    So are those of pictures.
    """
    return once(one for text in _strings(message) for one in UUID.findall(text))


_SLACKS_OWN = frozenset(
    {"client_msg_id", "block_id", "action_id", "bot_profile", "metadata", "files"}
)
# A picture's address is full of ids, and none is a property's.
_PICTURES = frozenset(
    {"image_url", "thumb_url", "service_icon", "author_icon", "footer_icon", "icons", "slack_file"}
)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key not in _SLACKS_OWN | _PICTURES:
                yield from _strings(member)
