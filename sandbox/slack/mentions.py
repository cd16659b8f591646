"""The mentions that notify people, and the links that Slack unfurls, in a message."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
PING = re.compile(r"<(?:!(?:channel|here|everyone)(?:\|[^>]*)?|!subteam\^[^>]+|@[UW][^>]*)>")
BARE_PING = re.compile(r"@(?:channel|here|everyone)\b")
LINK = re.compile(r"<(?:https?|mailto)[^>]*>|https?://\S+")


def pings(text: str, blocks: list[Json], *, parse_names: bool) -> tuple[str, ...]:
    """The mentions that notify someone. `parse_names` is parse=full or link_names."""
    written = [text, *mrkdwn_of(blocks)]
    mentions = [ping for part in written for ping in PING.findall(part)]
    if parse_names:
        mentions += [ping for part in written for ping in BARE_PING.findall(part)]
    return tuple(dict.fromkeys([*mentions, *_rich_pings(blocks)]))


def has_link(text: str, blocks: list[Json]) -> bool:
    rich = any(part.get("type") == "link" for part in _walk(blocks))
    return rich or any(LINK.search(part) for part in [text, *mrkdwn_of(blocks)])


def mrkdwn_of(blocks: list[Json]) -> list[str]:
    """The texts in which Slack looks for mentions and links. plain_text is not among them."""
    texts = [part["text"] for part in _walk(blocks) if part.get("type") == "mrkdwn"]
    return texts + [block["text"] for block in blocks if block.get("type") == "markdown"]


def _rich_pings(blocks: list[Json]) -> Iterator[str]:
    for part in _walk(blocks):
        if part.get("type") == "user" and "user_id" in part:
            yield f"<@{part['user_id']}>"
        elif part.get("type") == "usergroup" and "usergroup_id" in part:
            yield f"<!subteam^{part['usergroup_id']}>"
        elif part.get("type") == "broadcast" and "range" in part:
            yield f"<!{part['range']}>"


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)
