"""Slack's message box: it turns typed text into mrkdwn and a rich_text block."""

import re
from typing import Any

from sandbox.slack.model import escape

Json = dict[str, Any]
SPECIAL = re.compile(r"(?P<url>https?://[^\s<>|]+)|<@(?P<user>[UW][A-Z0-9]+)>")


def typed_text(text: str) -> str:
    """mrkdwn: `&`, `<` and `>` escaped, bare links wrapped in `<...>`, `<@U...>` mentions kept."""
    parts, start = [], 0
    for match in SPECIAL.finditer(text):
        parts.append(escape(text[start : match.start()]))
        mention = f"<@{match['user']}>" if match["user"] else f"<{escape(match['url'])}>"
        parts.append(mention)
        start = match.end()
    return "".join([*parts, escape(text[start:])])


def rich_text(text: str) -> Json:
    """The block that Slack adds to a person's message. Its strings are not escaped."""
    elements: list[Json] = []
    start = 0
    for match in SPECIAL.finditer(text):
        elements.append({"type": "text", "text": text[start : match.start()]})
        if match["user"]:
            elements.append({"type": "user", "user_id": match["user"]})
        else:
            elements.append({"type": "link", "url": match["url"]})
        start = match.end()
    elements.append({"type": "text", "text": text[start:]})
    filled = [part for part in elements if part["type"] != "text" or part["text"]]
    section = {"type": "rich_text_section", "elements": filled}
    return {"type": "rich_text", "block_id": "rt1", "elements": [section]}
