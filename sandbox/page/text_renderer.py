"""Draws mrkdwn, plain text and rich text as HTML for one reader."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import htpy as h

from sandbox.page.browser_tab import Location
from sandbox.slack.model import unescape
from sandbox.slack.reader import TOKEN, Reader

Json = dict[str, Any]
PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")
"""Replaces a link or a mention while the marks around it are parsed."""
MARKS: tuple[tuple[re.Pattern[str], Callable[[h.Node], h.Node]], ...] = (
    (re.compile(r"```\n?(.+?)\n?```", re.DOTALL), lambda inside: h.pre[inside]),
    (re.compile(r"`([^`\n]+)`"), lambda inside: h.code[inside]),
    (re.compile(r"(?<![\w*])\*(?! )([^*\n]+?)(?<! )\*(?![\w*])"), lambda inside: h.b[inside]),
    (re.compile(r"(?<![\w_])_(?! )([^_\n]+?)(?<! )_(?![\w_])"), lambda inside: h.i[inside]),
    (re.compile(r"(?<![\w~])~(?! )([^~\n]+?)(?<! )~(?![\w~])"), lambda inside: h.s[inside]),
)
EMOJI_NAME = re.compile(r":([a-z0-9_+-]+):")
EMOJI = {
    "+1": "👍", "-1": "👎", "eyes": "👀", "fire": "🔥", "heart": "❤️", "pray": "🙏",
    "rotating_light": "🚨", "smile": "😄", "tada": "🎉", "thumbsup": "👍", "warning": "⚠️",
    "wave": "👋", "white_check_mark": "✅", "x": "❌",
}  # fmt: skip
QUOTED = re.compile(r"(?:^|\n)((?:&gt;[^\n]*(?:\n|$))+)")
ARCHIVES = re.compile(r"/archives/(?P<channel>\w+)/p(?P<seconds>\d{10})(?P<rest>\d{6})")


class TextRenderer:
    """Draws text for one reader. A link to a message leads to a location of the same reader."""

    def __init__(self, reader: Reader, location: Location, domain: str) -> None:
        self.reader = reader
        self._location = location
        self._host = f"{domain}.slack.com"

    def text_object(self, text: Json) -> h.Node:
        """A text object. plain_text is shown verbatim."""
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])

    def mrkdwn(self, text: str) -> h.Node:
        tokens: list[h.Node] = []

        def replace(match: re.Match[str]) -> str:
            tokens.append(self._token(match[1]))
            return f"\ue000{len(tokens) - 1}\ue001"

        return _with_quotes(TOKEN.sub(replace, text), tokens)

    def rich_text(self, block: Json) -> h.Node:
        return [self._part(part) for part in block["elements"]]

    def link(self, url: str, label: h.Node) -> h.Node:
        """A link. If it leads to a message of this workspace, it opens the message in the page."""
        parts = urlsplit(url)
        permalink = ARCHIVES.match(parts.path) if parts.hostname == self._host else None
        if permalink:
            ts = f"{permalink['seconds']}.{permalink['rest']}"
            thread = parse_qs(parts.query).get("thread_ts", [ts])[0]
            target = self._location.but(channel=permalink["channel"], thread=thread)
            return h.a(href=target.link, title=url)[label]
        return h.a(href=url, target="_blank", rel="noopener noreferrer")[label]

    def _token(self, token: str) -> h.Node:
        text = unescape(self.reader.token(token))
        if token.startswith(("@", "!subteam")) or token in {"!channel", "!here", "!everyone"}:
            return h.span(".mention")[text]
        if token.startswith("#"):
            return self._channel(token[1:].partition("|")[0])
        if token.startswith("!date^"):
            return h.time[text]
        if token.startswith("!"):
            return text
        return self.link(unescape(token.partition("|")[0]), text)

    def _channel(self, channel_id: str) -> h.Node:
        target = self._location.but(channel=channel_id, thread=None)
        return h.a(".mention", href=target.link)[f"#{self.reader.channel(channel_id)}"]

    def _part(self, part: Json) -> h.Node:
        inner = [self._leaf(leaf) for leaf in part["elements"]]
        match part["type"]:
            case "rich_text_list":
                tag = h.ol if part.get("style") == "ordered" else h.ul
                indent = f"--indent:{part.get('indent') or 0}"
                return tag(style=indent)[(h.li[item] for item in inner)]
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


def cannot_draw(what: str, kind: str, value: Any) -> h.Renderable:
    """A visible error. An empty place would hide that something is missing."""
    return h.div(".cannot-draw", role="alert")[
        h.b[f"This page cannot draw a {what} of type “{kind}”."], h.code[str(value)[:500]]
    ]


def _styled(node: h.Node, style: Json) -> h.Node:
    marks = {"bold": h.b, "italic": h.i, "strike": h.s, "code": h.code}
    for name, mark in marks.items():
        if style.get(name):
            node = mark[node]
    return node


def with_emoji(text: str) -> str:
    """The text with the emoji whose names it has between colons, as far as the page has them."""
    return EMOJI_NAME.sub(lambda match: EMOJI.get(match[1], match[0]), text)


def _emoji(leaf: Json) -> str:
    codes = str(leaf.get("unicode") or "").split("-")
    try:
        return "".join(chr(int(code, 16)) for code in codes)
    except ValueError:
        return f":{leaf['name']}:"


def _with_quotes(text: str, tokens: list[h.Node]) -> h.Node:
    """Lines that begin with `>` are quotes."""
    nodes: list[h.Node] = []
    start = 0
    for match in QUOTED.finditer(text):
        nodes.append(_with_marks(text[start : match.start()], tokens))
        quote = "\n".join(line.removeprefix("&gt;").strip() for line in match[1].splitlines())
        nodes.append(h.blockquote[_with_marks(quote, tokens)])
        start = match.end()
    return [*nodes, _with_marks(text[start:], tokens)]


def _with_marks(text: str, tokens: list[h.Node]) -> h.Node:
    """Bold, italic, strike and code. The mark that begins first is parsed first."""
    matches = [(match, draw) for mark, draw in MARKS if (match := mark.search(text))]
    if not matches:
        return list(_with_tokens(text, tokens))
    match, draw = min(matches, key=lambda pair: pair[0].start())
    is_code = match[0].startswith("`")
    inner = list(_with_tokens(match[1], tokens)) if is_code else _with_marks(match[1], tokens)
    return [
        *_with_tokens(text[: match.start()], tokens),
        draw(inner),
        _with_marks(text[match.end() :], tokens),
    ]


def _with_tokens(text: str, tokens: list[h.Node]) -> Iterable[h.Node]:
    """The text with its links and mentions in the place of their placeholders."""
    for number, part in enumerate(PLACEHOLDER.split(text)):
        yield tokens[int(part)] if number % 2 else with_emoji(unescape(part))
