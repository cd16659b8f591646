"""Rich text: what people typed and what APIs gave, verbatim. It has no markup, so no mention fires
in it and `*` stays `*`. Links can be clicked.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from blocks.block_kit import MOMENT_FORMAT, URL, Block, moment_in_utc
from blocks.person import slack_id

_ADDRESS = re.compile(rf"(?i){URL}")
BETWEEN = " · "
"""Between the parts of a line."""


def rich_text(*parts: Block) -> Block:
    """:param parts: sections and quotes"""
    return {"type": "rich_text", "elements": list(parts)}


def section(elements: Sequence[Block]) -> Block:
    """A paragraph."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(text: str) -> Block:
    """A text behind a bar."""
    return {"type": "rich_text_quote", "elements": text_with_links(text)}


def text(words: str, *, bold: bool = False) -> Block:
    """:param words: not empty: Slack refuses an element without text"""
    block: Block = {"type": "text", "text": words}
    return block | {"style": {"bold": True}} if bold else block


def link(url: str, words: str, *, bold: bool = False) -> Block:
    """A text that leads to an address."""
    block: Block = {"type": "link", "url": url, "text": words}
    return block | {"style": {"bold": True}} if bold else block


def user(person: str) -> Block:
    """A mention of a person."""
    return {"type": "user", "user_id": slack_id(person)}


def moment(seconds: float) -> Block:
    """A moment that each reader sees in their own time zone.

    :param seconds: UNIX seconds, from 0 to before `block_kit.LAST_MOMENT`
    """
    return {
        "type": "date",
        "timestamp": int(seconds),
        "format": MOMENT_FORMAT,
        "fallback": moment_in_utc(seconds),
    }


def text_with_links(words: str) -> list[Block]:
    """A text, with the addresses in it as links."""
    return list(_text_with_links(words))


def filled(sentence: str, facts: Mapping[str, Block]) -> list[Block]:
    """A sentence with elements in the places of its marks.

    :param facts: by their mark, a character that is nowhere else in the sentence
    """
    if not facts:
        return [text(sentence)]
    pieces = re.split(f"([{re.escape(''.join(facts))}])", sentence)
    return [facts.get(piece) or text(piece) for piece in pieces if piece]


def joined(groups: Sequence[Sequence[Block]], between: str = BETWEEN) -> list[Block]:
    """Groups of elements as one line. Empty groups are left out."""
    line: list[Block] = []
    for group in groups:
        if group:
            line += [*([text(between)] if line else []), *group]
    return line


def _text_with_links(words: str) -> Iterator[Block]:
    end = 0
    for address in _ADDRESS.finditer(words):
        if address.start() > end:
            yield text(words[end : address.start()])
        yield {"type": "link", "url": address[0]}
        end = address.end()
    if words[end:] or not words:
        yield text(words[end:])
