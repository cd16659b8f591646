"""The week: one message in a channel that counts the reports of a week.

Every part is lines of text, which a telephone shows one below the other. Slack draws a table wider
than a telephone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from blocks import block_kit
from blocks.block_kit import Block
from blocks.mrkdwn import cut, link, literal
from blocks.receipt_view import Message
from blocks.words import Words

MOST = 10
"""Lines of each list. The others are summed up in one more line."""
NAME_LIMIT = 44
"""Characters of one name in a list."""
LISTS = ("kind", "state", "place", "person")


@dataclass(frozen=True)
class Unsent:
    """The oldest report that its API does not have yet."""

    number: int
    who: str
    created_at: float
    """UNIX seconds."""
    state: str
    address: str | None
    """Of a message in Slack that belongs to the report."""


@dataclass(frozen=True)
class WeekView:
    first: date
    """Its Monday."""
    last: date
    """Its Sunday."""
    total: int
    counts: Mapping[str, Sequence[tuple[str, int]]]
    """Names and numbers of reports for each of `LISTS`, largest first. An empty name means that
    the place or the person is not known."""
    filed_after: tuple[float, float] | None
    """Seconds until a report was filed: the median and the worst. None if none was filed."""
    unsent: Unsent | None


def draw(words: Words, week: WeekView) -> Message:
    """The message. It has none of the words that people wrote, because a report from a private
    conversation may be counted in it.
    """
    title = title_of(words, week)
    total = words("week.reports", n=week.total)
    lines = [f"*{literal(title)}*", literal(total)]
    if week.filed_after is not None:
        lines.append(literal(filed_after(words, week.filed_after)))
    lines.append(_unsent(words, week.unsent))
    sections = ["\n".join(lines), *_lists(words, week)]
    blocks: list[Block] = [block_kit.section(block_kit.mrkdwn(text)) for text in sections]
    return Message(literal(f"{words('receipt.label', label=title)} {total}"), blocks)


def title_of(words: Words, week: WeekView) -> str:
    return words("week.title", first=day(words, week.first), last=day(words, week.last))


def filed_after(words: Words, seconds: tuple[float, float]) -> str:
    """:param seconds: the median and the worst"""
    median, worst = (length(words, value) for value in seconds)
    return words("week.filed_after", median=median, worst=worst)


def length(words: Words, seconds: float) -> str:
    """A length of time in its two largest units at most."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if days > 1:
        return words("week.days", n=days, hours=left)
    if hours:
        return words("week.hours", hours=hours, minutes=f"{minutes:02}")
    if minutes:
        return words("week.minutes", minutes=minutes, seconds=f"{rest:02}")
    return words("week.seconds", seconds=rest)


def _unsent(words: Words, unsent: Unsent | None) -> str:
    if unsent is None:
        return literal(words("week.nothing_unsent"))
    number = literal(words("week.number", number=unsent.number))
    return words(
        "week.unsent",
        number=link(unsent.address, number) if unsent.address else number,
        who=literal(unsent.who or words("week.nobody")),
        at=block_kit.moment(unsent.created_at),
        state=literal(words(f"state.{unsent.state}")),
    )


def _lists(words: Words, week: WeekView) -> Iterator[str]:
    for name in LISTS:
        counts = week.counts.get(name, ())
        if counts:
            lines = [f"*{literal(words(f'week.by.{name}'))}*", *_list(words, name, counts)]
            yield "\n".join(lines)


def named(words: Words, name: str, counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The counts of one of `LISTS` with the names that people read."""
    return [(_name(words, name, value), number) for value, number in counts]


def _name(words: Words, name: str, value: str) -> str:
    match name:
        case "kind":
            return words.maybe(f"{value}.short", value)
        case "state":
            return words.maybe(f"state.{value}", value)
        case "place":
            return value or words("week.nowhere")
        case _:
            return value or words("week.nobody")


def others(words: Words, counts: Sequence[tuple[str, int]]) -> str:
    """The sum of the counts that have no line of their own; empty if there are none."""
    rest = counts[MOST:]
    total = words.count(sum(n for _, n in rest))
    return words("week.others", n=len(rest), sum=total) if rest else ""


def _list(words: Words, name: str, counts: Sequence[tuple[str, int]]) -> Iterator[str]:
    for shown, number in named(words, name, counts[:MOST]):
        line = words("week.line", name=cut(shown, NAME_LIMIT), number=words.count(number))
        yield literal(line)
    if rest := others(words, counts):
        yield "• " + literal(rest)


def day(words: Words, moment: date) -> str:
    return moment.strftime(words("week.day"))
