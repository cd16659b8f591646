"""Text as Slack draws it: mrkdwn, plain text and rich text as HTML for one reader."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import htpy as h

from sandbox.page.tab import Place
from sandbox.slack.model import unescape
from sandbox.slack.reader import TOKEN, Reader

Json = dict[str, Any]
KEPT = re.compile("\ue000(\\d+)\ue001")
"""Where a link or a mention stood while the marks around it are read."""
MARKS: tuple[tuple[re.Pattern[str], Callable[[h.Node], h.Node]], ...] = (
    (re.compile(r"```\n?(.+?)\n?```", re.DOTALL), lambda inside: h.pre[inside]),
    (re.compile(r"`([^`\n]+)`"), lambda inside: h.code[inside]),
    (re.compile(r"(?<![\w*])\*(?! )([^*\n]+?)(?<! )\*(?![\w*])"), lambda inside: h.b[inside]),
    (re.compile(r"(?<![\w_])_(?! )([^_\n]+?)(?<! )_(?![\w_])"), lambda inside: h.i[inside]),
    (re.compile(r"(?<![\w~])~(?! )([^~\n]+?)(?<! )~(?![\w~])"), lambda inside: h.s[inside]),
)
QUOTED = re.compile(r"(?:^|\n)((?:&gt;[^\n]*(?:\n|$))+)")
ARCHIVES = re.compile(r"/archives/(?P<channel>\w+)/p(?P<seconds>\d{10})(?P<rest>\d{6})")


class Writer:
    """Draws text for one reader, whose place tells where a link to a message leads."""

    def __init__(self, reader: Reader, place: Place, domain: str) -> None:
        self.reader = reader
        self._place = place
        self._host = f"{domain}.slack.com"

    def text(self, text: Json) -> h.Node:
        """A text object: plain_text is shown to the letter."""
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])

    def mrkdwn(self, text: str) -> h.Node:
        kept: list[h.Node] = []

        def keep(found: re.Match[str]) -> str:
            kept.append(self._token(found[1]))
            return f"\ue000{len(kept) - 1}\ue001"

        return _quoted(TOKEN.sub(keep, text), kept)

    def rich(self, block: Json) -> h.Node:
        return [self._part(part) for part in block["elements"]]

    def link(self, url: str, label: h.Node) -> h.Node:
        """A link to a message of this workspace opens it here."""
        parts = urlsplit(url)
        found = ARCHIVES.match(parts.path) if parts.hostname == self._host else None
        if found:
            ts = f"{found['seconds']}.{found['rest']}"
            thread = parse_qs(parts.query).get("thread_ts", [ts])[0]
            there = self._place.but(channel=found["channel"], thread=thread)
            return h.a(href=there.link, title=url)[label]
        return h.a(href=url, target="_blank", rel="noopener noreferrer")[label]

    def _token(self, token: str) -> h.Node:
        read = unescape(self.reader.token(token))
        if token.startswith(("@", "!subteam")) or token in {"!channel", "!here", "!everyone"}:
            return h.span(".mention")[read]
        if token.startswith("#"):
            return self._channel(token[1:].partition("|")[0])
        if token.startswith("!date^"):
            return h.time[read]
        if token.startswith("!"):
            return read
        return self.link(unescape(token.partition("|")[0]), read)

    def _channel(self, channel_id: str) -> h.Node:
        there = self._place.but(channel=channel_id, thread=None)
        return h.a(".mention", href=there.link)[f"#{self.reader.channel(channel_id)}"]

    def _part(self, part: Json) -> h.Node:
        inner = [self._leaf(leaf) for leaf in part["elements"]]
        match part["type"]:
            case "rich_text_list":
                listing = h.ol if part.get("style") == "ordered" else h.ul
                indent = f"--indent:{part.get('indent') or 0}"
                return listing(style=indent)[(h.li[one] for one in inner)]
            case "rich_text_quote":
                return h.blockquote[inner]
            case "rich_text_preformatted":
                return h.pre[inner]
            case "rich_text_section":
                return h.div(".rich")[inner]
            case unknown:
                return cannot_draw("rich text", str(unknown), part)

    def _leaf(self, leaf: Json) -> h.Node:
        draw = self._leaves.get(leaf["type"])
        if draw is None:
            return cannot_draw("rich text element", leaf["type"], leaf)
        return _styled(draw(leaf), leaf.get("style") or {})

    @property
    def _leaves(self) -> dict[str, Callable[[Json], h.Node]]:
        reader = self.reader
        return {
            "text": lambda leaf: leaf["text"],
            "link": lambda leaf: self.link(leaf["url"], leaf.get("text") or leaf["url"]),
            "user": lambda leaf: h.span(".mention")[f"@{reader.name_of(leaf['user_id'])}"],
            "usergroup": lambda leaf: h.span(".mention")[f"@{leaf['usergroup_id']}"],
            "channel": lambda leaf: self._channel(leaf["channel_id"]),
            "broadcast": lambda leaf: h.span(".mention")[f"@{leaf['range']}"],
            "emoji": lambda leaf: h.span(title=f":{leaf['name']}:")[_emoji(leaf)],
            "date": lambda leaf: h.time[reader.date(leaf["timestamp"], leaf["format"])],
            "color": lambda leaf: h.code[leaf["value"]],
            "rich_text_section": self._part,
        }


def cannot_draw(what: str, kind: str, given: Any) -> h.Renderable:
    """An error one can see, where a blank would hide that something is missing."""
    return h.div(".cannot-draw", role="alert")[
        h.b[f"This page cannot draw a {what} of type “{kind}”."], h.code[str(given)[:500]]
    ]


def _styled(shown: h.Node, style: Json) -> h.Node:
    marks = {"bold": h.b, "italic": h.i, "strike": h.s, "code": h.code}
    for name, mark in marks.items():
        if style.get(name):
            shown = mark[shown]
    return shown


def _emoji(leaf: Json) -> str:
    codes = str(leaf.get("unicode") or "").split("-")
    try:
        return "".join(chr(int(code, 16)) for code in codes)
    except ValueError:
        return f":{leaf['name']}:"


def _quoted(text: str, kept: list[h.Node]) -> h.Node:
    """Lines that begin with `>` are a quotation."""
    done: list[h.Node] = []
    start = 0
    for found in QUOTED.finditer(text):
        done.append(_marked(text[start : found.start()], kept))
        quoted = "\n".join(line.removeprefix("&gt;").strip() for line in found[1].splitlines())
        done.append(h.blockquote[_marked(quoted, kept)])
        start = found.end()
    return [*done, _marked(text[start:], kept)]


def _marked(text: str, kept: list[h.Node]) -> h.Node:
    """Bold, italic, struck and code; the mark that begins first is read first."""
    founds = [(found, draw) for mark, draw in MARKS if (found := mark.search(text))]
    if not founds:
        return list(_restored(text, kept))
    found, draw = min(founds, key=lambda one: one[0].start())
    literal = found[0].startswith("`")
    shown = list(_restored(found[1], kept)) if literal else _marked(found[1], kept)
    return [
        *_restored(text[: found.start()], kept),
        draw(shown),
        _marked(text[found.end() :], kept),
    ]


def _restored(text: str, kept: list[h.Node]) -> Iterable[h.Node]:
    for number, part in enumerate(KEPT.split(text)):
        yield kept[int(part)] if number % 2 else unescape(part)
