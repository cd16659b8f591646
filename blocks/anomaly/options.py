"""The options of a searchable list: a label that a person recognises, and a number as value."""

from dataclasses import dataclass

from blocks import block_kit
from blocks.block_kit import Block
from blocks.mrkdwn import cut
from blocks.words import Words

LABEL_LIMIT = 75
OPTIONS_LIMIT = 100
"""Options that Slack takes in one answer."""
SHORTEST_PART = 12
"""Characters that a part of a label keeps at least, when the label is cut."""


@dataclass(frozen=True)
class Choice:
    """A number, and the parts of its name; no parts where the list gives no name."""

    number: int
    parts: tuple[str, ...] = ()
    listed: bool = True
    """Whether the list holds the number."""


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
        longest = max(range(len(parts) - 1), key=lambda index: len(parts[index]))
        parts[longest] = cut(parts[longest], max(SHORTEST_PART, len(parts[longest]) - excess))
    return " · ".join(parts)


def number_in(query: str) -> int | None:
    """The number that a person typed into a search; None if the query is anything else."""
    text = query.strip().lstrip("#")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else None
