"""What a searchable list offers: a label that a person recognises, and a number as its value."""

from dataclasses import dataclass

from blocks import block_kit
from blocks.block_kit import Block
from blocks.mrkdwn import cut
from blocks.words import Words

LABEL_LIMIT = 75
OFFERED = 100
"""Options that Slack takes in one answer."""
SHORTEST = 12
"""Characters of a part of a label that are left at least, where there are many."""


@dataclass(frozen=True)
class Choice:
    """A number, and what it is called, in parts; none where nobody knows."""

    number: int
    parts: tuple[str, ...] = ()
    listed: bool = True


def option(words: Words, choice: Choice) -> Block:
    return block_kit.option(label(words, choice), str(choice.number))


def label(words: Words, choice: Choice) -> str:
    """Name, city or day, and the number, in 75 characters: the longest part is cut first."""
    if not choice.listed:
        return words("catalogue.unlisted", number=choice.number)
    if not choice.parts:
        return words("catalogue.unnamed", number=choice.number)
    parts = [*choice.parts, str(choice.number)]
    while (excess := len(" · ".join(parts)) - LABEL_LIMIT) > 0:
        longest = max(range(len(parts) - 1), key=lambda at: len(parts[at]))
        parts[longest] = cut(parts[longest], max(SHORTEST, len(parts[longest]) - excess))
    return " · ".join(parts)


def typed(query: str) -> int | None:
    """The number that was typed into a search, if it is nothing else."""
    text = query.strip().lstrip("#")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else None
