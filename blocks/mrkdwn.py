"""Slack's text rules: what a person typed, safe to show; what Slack sent, as a person wrote it.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re

MARK = "…"
"""Where a text was cut to fit, this stands, so that nobody takes a part for the whole."""

# <https://x|label>, <@U1|name>, <#C1|name>, <!here>, <!subteam^S1|@team>, <mailto:a@b|a@b>
_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def escape(text: str) -> str:
    """Text that Slack shows to the letter: no mention fires, no markup of `<>` is read."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The opposite of `escape`: exactly the three entities that Slack uses, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut shows as `…` at the end."""
    return text if len(text) <= limit else text[: limit - len(MARK)].rstrip() + MARK


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters that joined give `text`; cut behind a space if there is
    one in the last fifth of a piece.
    """
    pieces = []
    while len(text) > limit:
        space = max(text.rfind(" ", 0, limit), text.rfind("\n", 0, limit))
        end = space + 1 if space >= limit * 4 // 5 else limit
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text] if text else pieces


def plain(text: str) -> str:
    """Slack's mrkdwn as its writer typed it: links bare, mentions as names, entities undone."""
    return unescape(_TOKEN.sub(_shown, text))


def _shown(token: re.Match[str]) -> str:
    sign, body, label = token[1], token[2], token[3] or ""
    if not sign and not _ADDRESS.match(body):  # brackets that the writer typed
        return token[0]
    if sign == "!":  # <!here>, <!date^…|fallback>, <!subteam^S1|@team>
        return label or "@" + body.partition("^")[0]
    if sign:
        return sign + (label or body).lstrip(sign)
    address = body.removeprefix("mailto:").removeprefix("tel:")
    # A label that says more than the address is kept beside it: the writer chose both.
    if not label or label in {address, body} or address.endswith("/" + label):
        return address
    return address if _bare(address) == _bare(label) else f"{label} {address}"


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")


def link(address: str, label: str = "") -> str:
    """A link, as mrkdwn: Slack finds no address by itself in a verbatim text."""
    safe = escape(address).replace("|", "%7C")
    if not address.startswith(("https://", "http://")) or any(sign.isspace() for sign in address):
        return escape(address)
    return f"<{safe}|{escape(label)}>" if label else f"<{safe}>"
