"""Links of listings and of Immoteur's own pages, as people type them. No link is ever followed.

Immoteur looks a listing up by its link, with or without a scheme, of 2,048 characters at most; it
ignores fragments and tracking parameters. Pages of immoteur.com carry ids.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import SplitResult, unquote, urlsplit

from blocks.mrkdwn import unescape, without_invisible

LIMIT = 2048
"""Characters of a link that Immoteur looks up."""
MOST = 20
"""Links taken from one message or command."""

_HOST = r"(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24}"
# Not in the middle of something else: another scheme, an e-mail address, a longer host.
_LINK = rf"(?<![a-z0-9/.@-])(?:https?://|www\.)\S+|(?<![\w/.@-]){_HOST}/\S*"
SHAPE = re.compile(rf"(?i){_LINK}")
"""A link in a text. Marks behind it may stand in it."""
ADDRESS = re.compile(rf"(?i)(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{{0,20}}://\S+|{_LINK}")
"""As `SHAPE`, and addresses of other schemes."""
_BETWEEN = re.compile(rf"(?i)[,;|](?=https?://|www\.|{_HOST}/)")
"""Between two links; other commas belong to their link."""
_OPENING = {")": "(", "]": "[", "}": "{"}
_END = ".,;:!?)]}>'\"`*»”’…"
_FORM = re.compile(r"(?i)<((?:https?://|www\.)[^<>|\s]+)(?:\|[^<>]*)?>")
"""Slack's `<url|label>`."""
# Slack's own pages, and those that only wrap: never a listing.
_SLACK = re.compile(r"(?i)(^|\.)(slack\.com|slack-edge\.com|slack-files\.com)$")
_IMMOTEUR = re.compile(r"(?i)(^|\.)immoteur\.com$")
_PICTURE = re.compile(r"(?i)\.(jpe?g|png|gif|webp|avif|svg|heic|mp4|pdf)$")
_TRACKING = re.compile(
    r"(?i)^(utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|mc_[ce]id|xtor|xtatc|at_\w+|cmp|igshid|_ga)="
)
_ID_PARAMETER = re.compile(
    r"(?i)^(property|classified|listing|home|bien|annonce)?[_-]?(ids?|uuid)?="
)
"""A query parameter of Immoteur's pages that names the subject of the page."""


def is_link(word: str) -> bool:
    """Whether a word is a link, with or without a scheme."""
    return bool(SHAPE.fullmatch(word))


def bare(text: str) -> str:
    """A text with each link of Slack's form in its bare form."""
    return _FORM.sub(lambda link: f" {unescape(link[1])} ", text)


def apart(word: str) -> list[str]:
    """The pieces of a word in which several links may stand behind each other."""
    return _BETWEEN.split(word)


def trimmed(link: str) -> str:
    """A link without the marks of the sentence that it ends. A bracket that the link itself opens
    belongs to it.
    """
    while link.endswith(tuple(_END)):
        opening = _OPENING.get(link[-1])
        if opening is not None and link.count(opening) >= link.count(link[-1]):
            break
        link = link[:-1]
    return link


def fault(link: str) -> str | None:
    """Why a link cannot be one of a listing: the key of a sentence, None when it can."""
    if len(link) > LIMIT:
        return "too_long"
    host = _host(link)
    if "." not in host or host.endswith((".local", ".internal", ".localhost")):
        return "private"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return None if address.is_global else "private"


def may_be_listing(link: str) -> bool:
    """Whether a link of a message or command may lead to a listing: further than to a portal's
    front page, and neither to Slack, nor to Immoteur, nor to a picture.
    """
    parts = _split(link)
    if not is_link(link) or fault(link) or parts is None:
        return False
    page, host = parts.path.strip("/"), _host(link)
    elsewhere = _PICTURE.search(page) or _SLACK.search(host) or _IMMOTEUR.search(host)
    return bool(page or parts.query) and not elsewhere


def named_in(link: str) -> str | None:
    """The part of a link that may name properties by their ids: of a page of Immoteur's its path,
    its fragment and its parameters that are ids, without percent-encoding.

    :returns: None for every other link, in which a UUID is a portal's, or a search's
    """
    parts = _split(link)
    if parts is None or not _IMMOTEUR.search(_host(link)):
        return None
    parameters = (part for part in parts.query.split("&") if _ID_PARAMETER.match(part))
    fragment = parts.fragment.partition("?")[0]
    named = [parts.path, fragment, *(part.partition("=")[2] for part in parameters)]
    return unquote(" ".join(named))


def same(link: str) -> str:
    """What two links of one listing have in common: no scheme, no `www.`, no tracking, no end, no
    invisible characters, and letters with accents as such, however they were encoded.
    """
    link = untracked(without_invisible(link).strip())
    rest = re.sub(r"(?i)^https?://(www\.)?|^www\.", "", link)
    path, _, query = _decoded(rest).partition("?")
    host, slash, page = path.rstrip("/").partition("/")
    parameters = "?" + "&".join(sorted(query.split("&"))) if query else ""
    return _unicode_host(host.lower()) + slash + page + parameters


def untracked(link: str) -> str:
    """A link without its fragment, and without the parameters that only name where it was
    clicked.
    """
    path, _, query = link.partition("#")[0].partition("?")
    pairs = [part for part in query.split("&") if part and not _TRACKING.match(part)]
    return path + ("?" + "&".join(pairs) if pairs else "")


def once(links: Iterable[str]) -> tuple[str, ...]:
    """The first of the links of each listing, in order."""
    by_key: dict[str, str] = {}
    for link in links:
        by_key.setdefault(same(link), link)
    return tuple(by_key.values())


def _decoded(text: str) -> str:
    """A text whose letters beyond ASCII are written as such, with their accents joined."""
    text = re.sub(r"(?i)(?:%[89a-f][0-9a-f])+", _letters, text)
    return unicodedata.normalize("NFC", text)


def _letters(escaped: re.Match[str]) -> str:
    try:
        return bytes.fromhex(escaped[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return escaped[0].lower()


def _unicode_host(host: str) -> str:
    """A host's name in its own letters, where it was written in ASCII's `xn--` form."""
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _host(link: str) -> str:
    parts = _split(link)
    return (parts.hostname or "").rstrip(".") if parts else ""


def _split(link: str) -> SplitResult | None:
    try:
        return urlsplit(link if "://" in link else f"//{link}")
    except ValueError:
        return None
