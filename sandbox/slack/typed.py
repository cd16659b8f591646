"""What Slack's own message box turns a person's typing into: wire text and a rich_text block."""

import re
from typing import Any

from sandbox.slack.model import escape

Json = dict[str, Any]
SPECIAL = re.compile(r"(?P<url>https?://[^\s<>|]+)|<@(?P<user>[UW][A-Z0-9]+)>")


def typed_text(text: str) -> str:
    """Escapes `&`, `<` and `>`, wraps bare links in `<...>`, keeps chosen `<@U...>` mentions."""
    parts, start = [], 0
    for found in SPECIAL.finditer(text):
        parts.append(escape(text[start : found.start()]))
        mention = f"<@{found['user']}>" if found["user"] else f"<{escape(found['url'])}>"
        parts.append(mention)
        start = found.end()
    return "".join([*parts, escape(text[start:])])


def rich_text(text: str) -> Json:
    """The block Slack adds to a person's message: its strings are raw, without escapes."""
    elements: list[Json] = []
    start = 0
    for found in SPECIAL.finditer(text):
        elements.append({"type": "text", "text": text[start : found.start()]})
        if found["user"]:
            elements.append({"type": "user", "user_id": found["user"]})
        else:
            elements.append({"type": "link", "url": found["url"]})
        start = found.end()
    elements.append({"type": "text", "text": text[start:]})
    kept = [one for one in elements if one["type"] != "text" or one["text"]]
    section = {"type": "rich_text_section", "elements": kept}
    return {"type": "rich_text", "block_id": "rt1", "elements": [section]}
