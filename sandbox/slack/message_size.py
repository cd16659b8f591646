"""The size of a message's blocks, and the limit above which Slack answers msg_blocks_too_long.

Slack does not document how it measures. Known are: "12,000 text characters with a buffer for block
containers" (a maintainer, slackapi/bolt-js#2509); there, markdown blocks alone were refused above
13,297 characters, and 125 characters earlier with a divider; 11,341 characters in many sections and
rich_text parts were refused (slackapi/bolt-js#2867). The limits below refuse all of these.

A response URL has no such limit (#2867).
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.errors import SlackError

Json = dict[str, Any]
MOST_TEXT = 12_000
MOST_WITH_CONTAINERS = 13_500
CONTAINER = 125
"""The characters that a block, or a part of rich text, counts for besides its text."""


def check_message_size(blocks: list[Json]) -> None:
    """:raises SlackError: msg_blocks_too_long"""
    text = sum(map(len, _texts(blocks)))
    if text > MOST_TEXT or text + CONTAINER * _containers(blocks) > MOST_WITH_CONTAINERS:
        raise SlackError("msg_blocks_too_long")


def _texts(value: Any) -> Iterator[str]:
    """Every text of the blocks: those of text objects, rich text, links and images."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in {"text", "alt_text", "url"} and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)


def _containers(blocks: list[Json]) -> int:
    parts = sum(len(block["elements"]) for block in blocks if block["type"] == "rich_text")
    return len(blocks) + parts
