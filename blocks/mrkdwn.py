"""Slack's text rules. Typed text is escaped before it is shown; text from Slack is turned back into
the text that a person wrote.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
import unicodedata
from dataclasses import dataclass

MARK = "…"
"""The mark of a cut text, so that nobody takes a part for the whole."""

# <https://x|label>, <@U1|name>, <#C1|name>, <!here>, <!subteam^S1|@team>, <mailto:a@b|a@b>
_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_CUT = re.compile(r"…|\.{3}")
"""The mark of a program that showed an address in short."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


_NO_GLYPH = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode's categories of controls, formats and spaces."""
ADDRESS_LIMIT = 3000
"""Characters of the address of a link or of a button."""
_NOT_IN_ADDRESS = re.compile(r"[\s\u0000-\u001f\u007f]")
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")
"""Characters that are two units in UTF-16, such as most emojis."""
_INVISIBLE = re.compile(
    # Unicode's Default_Ignorable_Code_Point: joiners, fillers, variation selectors, tags, marks of
    # direction. Source: https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # Control characters, but for those that separate words or lines.
    "\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f]"
)
_BLANK_GLYPH = "\u2800"
"""Braille's pattern without a dot: a symbol to Unicode, a blank to a reader."""
_LINE_BREAKS = re.compile("\r\n|[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]")
_BLANKS = re.compile(f"[\t\u001f\u1680{_BLANK_GLYPH}]")
_HYPHENS = re.compile("[\u02d7\u058a\u1806\u2010-\u2015\u2043\u2212\u2796\u2cba\ufe58]")
_APOSTROPHES = re.compile("[\u00b4\u02b9\u02bb-\u02bd\u02c8\u2018\u2019\u201b\u2032\u2035\ua78c]")


_LOOKS_LIKE = {
    "*": "\u2217",
    "_": "\u02cd",
    "~": "\u223c",
    "`": "\u02cb",
    ":": "\u2236",
    "&gt;": "\u203a",
}
_MARK = re.compile(
    r"[*~`]|(?<![^\W_])_|_(?![^\W_])"
    r"|(?<!\w):(?=[a-z0-9_+'-]+:)"  # the name of an emoji
    r"|(?m:^)&gt;"  # a quote
)


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of a text: it is empty, or of spaces and invisible characters
    alone.
    """
    return all(
        unicodedata.category(character) in _NO_GLYPH
        or character == _BLANK_GLYPH
        or _INVISIBLE.match(character)
        for character in text
    )


def without_invisible(text: str) -> str:
    """A text without the characters that show nothing and take no room. Spaces stay."""
    return _INVISIBLE.sub("", text)


def shown(text: str) -> str:
    """The plain form of a text, for reading and comparing: texts that look the same to a reader
    have the same one.

    Invisible characters are dropped; every space is U+0020, every line break a line feed, every
    hyphen and dash `-`, every apostrophe `'`; digits and letters are in their usual width, and
    accents are joined to their letters (NFKC).
    """
    text = _LINE_BREAKS.sub("\n", without_invisible(text))
    if text.isascii():
        return _BLANKS.sub(" ", text)
    # The apostrophes come first: NFKC makes a space and an accent of some of them.
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("'", _BLANKS.sub(" ", text)))
    return _HYPHENS.sub("-", without_invisible(text))


def escape(text: str) -> str:
    """Text that Slack shows to the letter: no mention fires, no markup of `<>` is read."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """A text of a person or of an API within mrkdwn, escaped, in which Slack formats nothing.

    mrkdwn has no escape for its marks. Each mark that could format something becomes a character
    that looks like it, because two of them would format what stands between, and one would end
    what is bold around the text. A `_` within a word formats nothing, and stays.
    """
    return _MARK.sub(lambda mark: _LOOKS_LIKE[mark[0]], escape(text))


def unescape(text: str) -> str:
    """The opposite of `escape`: exactly the three entities that Slack uses, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def length(text: str) -> int:
    """The characters of a text, as every limit here counts them: an emoji counts as two.

    Slack does not document how it counts. Its clients count UTF-16 units, and so do most
    validators. A text that fits so also fits if each emoji counts as one.
    """
    return len(text) if text.isascii() else len(text) + len(_TWO_UNITS.findall(text))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, as `length` counts; what was cut shows as `…` at the end."""
    if length(text) <= limit:
        return text
    return text[: _end(text, limit - length(MARK))].rstrip() + MARK


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters that joined give `text`; cut behind a space if there is
    one in the last fifth of a piece.

    :param limit: as `length` counts. At 1, an emoji is a piece that is longer.
    """
    pieces = []
    while length(text) > limit:
        end = max(_end(text, limit), 1)
        space = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))
        end = space + 1 if space >= end * 4 // 5 else end
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text] if text else pieces


def _end(text: str, limit: int) -> int:
    """Where the longest beginning of a text ends that has at most `limit` characters."""
    end = max(limit, 0)
    while (excess := length(text[:end]) - limit) > 0 and end > 0:
        end -= -(-excess // 2)
    return end


@dataclass(frozen=True)
class Link:
    """A link in a text."""

    address: str
    label: str = ""
    """What is written in the address's place; empty where the address itself is."""

    def __str__(self) -> str:
        """The address, behind a label that says more: the writer chose both."""
        address, label = self.address, self.label
        if not label or label == address or address.endswith("/" + label):
            return address
        return address if _is_short_for(label, address) else f"{label} {address}"


def parts(text: str) -> tuple[str | Link, ...]:
    """Slack's mrkdwn as its writer typed it, in order: words with mentions as names and entities
    undone, and the links between them.
    """
    read: list[str | Link] = []
    end = 0
    for token in _TOKEN.finditer(text):
        read += [unescape(text[end : token.start()]), _part(token)]
        end = token.end()
    read.append(unescape(text[end:]))
    return tuple(part for part in read if part)


def plain(text: str) -> str:
    """Slack's mrkdwn as its writer typed it: links bare, mentions as names, entities undone."""
    return "".join(str(part) for part in parts(text))


def _part(token: re.Match[str]) -> str | Link:
    sign, body, label = token[1], unescape(token[2]), unescape(token[3] or "")
    if not sign and not _ADDRESS.match(body):  # brackets that the writer typed
        return unescape(token[0])
    if sign == "!":  # <!here>, <!date^…|fallback>, <!subteam^S1|@team>
        return label or "@" + body.partition("^")[0]
    if sign:
        return sign + (label or body).lstrip(sign)
    if (address := body.removeprefix("mailto:").removeprefix("tel:")) != body:
        return str(Link(address, label))
    return Link(body, label)


def _is_short_for(label: str, address: str) -> bool:
    """Whether a label is the beginning of its address, such as the address without its parameters,
    or the address with a mark where something was cut.
    """
    label, address = _bare(label), _bare(address)
    first, *pieces = _CUT.split(label)
    if not address.startswith(first):
        return False
    end = len(first)
    if not pieces:
        return address[end : end + 1] in {"", "/", "?", "#"}
    for piece in pieces[:-1]:
        found = address.find(piece, end)
        if found < 0:
            return False
        end = found + len(piece)
    return address[end:].endswith(pieces[-1])


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address.casefold()).rstrip("/")


def link(address: str, label: str = "") -> str:
    """A link, as mrkdwn: Slack finds no address by itself in a verbatim text."""
    if not is_address(address):
        return literal(label or address)
    safe = escape(address).replace("|", "%7C")
    return f"<{safe}|{literal(label)}>" if label else f"<{safe}>"


def is_address(text: str) -> bool:
    """Whether Slack takes a text as the address of a link."""
    begins = text.lower().startswith(("https://", "http://"))
    return begins and length(text) <= ADDRESS_LIMIT and not _NOT_IN_ADDRESS.search(text)
