"""Fills the form of `/report-issue` from the words after the command, or from a message."""

from collections.abc import Mapping
from typing import Any

from blocks import message as messages
from blocks.answers import Value
from blocks.issue import command, targets
from blocks.issue.filling import comment_fields, target_fields
from blocks.issue.guess import guess
from blocks.issue.model import COMMENT_LIMIT
from blocks.issue.targets import Mention
from blocks.mrkdwn import cut


def from_words(text: str) -> Mapping[str, Value]:
    """The targets and choices among the words after a command. The other words are the comment."""
    parsed = command.parse(text)
    return {
        **parsed.values,
        **target_fields(parsed.mentions, parsed.values),
        **comment_fields(parsed.comment),
    }


def from_message(message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
    """The ids and listings that a reader sees in a message; its words and its permalink are the
    comment.

    :param link: the permalink, None where there is none
    """
    pieces = messages.read(message)
    mentions: list[Mention] = []
    for piece in pieces:
        mentions += targets.in_parts(piece.parts)
        for address in piece.behind:
            mentions += targets.in_address(address)
    room = COMMENT_LIMIT - len(link or "") - 2
    comment = "\n".join(part for part in (cut(messages.words(message), room), link) if part)
    written = messages.words_of(piece for piece in pieces if piece.own)
    kind = guess(written or messages.words_of(pieces), count=command.count(mentions))
    return {**kind, **target_fields(mentions, kind), **comment_fields(comment)}
