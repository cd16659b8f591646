"""Links of listings: found in what people type and in messages, never followed by us.

Immoteur looks a listing up by its link; it takes one with or without a scheme, of 2,048
characters at most, and ignores fragments and tracking parameters.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from blocks.issue.ids import in_text
from blocks.mrkdwn import unescape

LIMIT = 2048
"""Characters of a link that Immoteur looks up."""
MOST = 20
"""Links taken from one message or command."""

_HOST = r"(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24}"
_SHAPE = re.compile(
    # Not in the middle of something else: another scheme, an e-mail address, a longer host.
    rf"(?i)(?<![a-z0-9/.@-])(?:https?://|www\.)\S+|(?<![\w/.@-]){_HOST}/\S*"
)
_BETWEEN = re.compile(rf"(?i)[,;|](?=https?://|www\.|{_HOST}/)")
"""Between two links; other commas belong to their link."""
_END = ".,;:!?)]}>'\"`*»”’…\u200b\ufeff"
_FORM = re.compile(r"(?i)<((?:https?://|www\.)[^<>|\s]+)(?:\|[^<>]*)?>")
"""Slack's `<url|label>`."""
# Slack's own pages, and those that only wrap: never a listing.
_NEVER = re.compile(r"(?i)(^|\.)(slack\.com|slack-edge\.com|slack-files\.com)$")
_PICTURE = re.compile(r"(?i)\.(jpe?g|png|gif|webp|avif|svg|heic|mp4|pdf)$")


def is_link(word: str) -> bool:
    """Whether a word is a link, with or without a scheme."""
    return bool(_SHAPE.fullmatch(word))


def bare(text: str) -> str:
    """A text with each link of Slack's form in its bare form."""
    return _FORM.sub(lambda link: f" {unescape(link[1])} ", text)


def apart(word: str) -> list[str]:
    """The pieces of a word in which several links may stand behind each other."""
    return _BETWEEN.split(word)


def fault(link: str) -> str | None:
    """Why a link cannot be one of a listing: the key of a sentence, None when it can."""
    if len(link) > LIMIT:
        return "too_long"
    host = (_host(link) or "").rstrip(".")
    if "." not in host or host.endswith((".local", ".internal", ".localhost")):
        return "private"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return None if address.is_global else "private"


def same(link: str) -> str:
    """What two links of one listing have in common: no scheme, no `www.`, no tracking, no end."""
    bare = re.sub(r"(?i)^https?://(www\.)?|^www\.", "", untracked(link.strip()))
    path, _, query = bare.partition("?")
    host, slash, rest = path.rstrip("/").partition("/")
    return host.lower() + slash + rest + ("?" + "&".join(sorted(query.split("&"))) if query else "")


def untracked(link: str) -> str:
    """A link without its fragment, and without what only tells where it was clicked."""
    path, _, query = link.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKING.match(part)]
    return path + ("?" + "&".join(kept) if kept else "")


_TRACKING = re.compile(
    r"(?i)^(utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|mc_[ce]id|xtor|xtatc|at_\w+|cmp|igshid|_ga)="
)


def in_words(text: str) -> tuple[str, ...]:
    """The links of a text as a person typed it that may lead to listings, once each."""
    return _once(_in(text))


def in_message(message: Any) -> tuple[str, ...]:
    """The links of a Slack message that may lead to listings, once each, wherever they hide.

    In `text` as `<url|label>`, in rich text, attachments, buttons, and forwarded messages. A link
    that holds an id is passed over: the id says more.
    """
    return tuple(link for link in _once(_hidden(message)) if not in_text(link))


_URL_KEYS = frozenset({"url", "from_url", "original_url", "title_link"})
_TEXT_KEYS = frozenset({"text", "fallback", "pretext", "value"})
_PASSED = frozenset({"files", "bot_profile", "user_profile", "metadata", "accessory_image"})


def _hidden(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if key in _URL_KEYS:
            yield value
        elif key in _TEXT_KEYS:
            yield from (unescape(link) for link in _FORM.findall(value))
            yield from _in(unescape(_FORM.sub(" ", value)))
    elif isinstance(value, list):
        for member in value:
            yield from _hidden(member, key)
    elif isinstance(value, Mapping):
        picture = value.get("type") in {"image", "video"}
        for name, member in value.items():
            if name not in _PASSED and not (picture and isinstance(member, str)):
                yield from _hidden(member, name)


def _in(text: str) -> Iterator[str]:
    for word in _SHAPE.findall(text):
        for link in _BETWEEN.split(word):
            yield link.rstrip(_END)


def _once(found: Iterator[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for link in found:
        if is_link(link) and fault(link) is None and _leads_somewhere(link):
            kept.setdefault(same(link), link)
    return tuple(kept.values())


def _leads_somewhere(link: str) -> bool:
    """Further than to a portal's front page, and neither to Slack nor to a picture."""
    parts = urlsplit(link if "://" in link else f"//{link}")
    page = parts.path.strip("/")
    return bool(page or parts.query) and not (
        _PICTURE.search(page) or _NEVER.search(parts.hostname or "")
    )


def _host(link: str) -> str | None:
    try:
        return urlsplit(link if "://" in link else f"//{link}").hostname
    except ValueError:
        return None
