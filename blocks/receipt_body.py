"""The body of a receipt: the subject by its name, the facts, the person's words, and the API's own
words.
"""

from collections.abc import Iterator, Sequence

from blocks import rich_text
from blocks.block_kit import Block, text_size
from blocks.mrkdwn import cut, is_address, length, split
from blocks.receipt_facts import Item, Summary, Thing
from blocks.receipt_view import ReceiptView
from blocks.words import Words

QUOTE_LIMIT = 3000
"""Characters of one block of a person's words."""
FACTS_LIMIT = 3000
"""Characters of a list of facts, so that the status and the buttons always have room."""
THINGS_LIMIT = 5000
"""Characters of the names of things, and of the addresses to which they lead."""
FACTS_MOST = 40
"""Facts in one list."""
QUOTES_LIMIT = 2000
"""Characters of an API's words, and of the list of targets that could not be looked up."""
SENTENCE_LIMIT = 300
"""Characters of one sentence of an API."""


def about(words: Words, summary: Summary) -> list[Block]:
    """The thing by its name, and the facts; nothing where there are none."""
    lines = _things(words, summary.things)
    lines += [_fact(words, label, value) for label, value in fitting(summary.facts, FACTS_LIMIT)]
    return [_paragraph(lines)] if lines else []


def _things(words: Words, things: Sequence[Thing]) -> list[list[Block]]:
    """A line for each thing that has room, and one that says how many more there are."""
    lines: list[list[Block]] = []
    room = THINGS_LIMIT
    for thing in things[:FACTS_MOST]:
        line = _line_of(words, thing)
        room -= text_size(line)
        if room < 0:
            break
        lines.append(line)
    if (more := len(things) - len(lines)) > 0:
        lines.append([rich_text.text(f"… {more}")])
    return lines


def quotes(text: str, room: int) -> list[Block]:
    """The person's words. A text without room is cut, with a mark at its end.

    :param room: characters
    """
    shown = cut(text, room) if room > 0 else ""
    pieces = split(shown, QUOTE_LIMIT)
    return [rich_text.rich_text(rich_text.quote(piece)) for piece in pieces]


def item_block(item: Item) -> Block:
    """An item in one block, so that no message has a part of it."""
    second = [[rich_text.text(note)] for note in item.notes]
    if item.due is not None:
        label, at = item.due
        second.append([rich_text.text(f"{label} "), rich_text.moment(at)])
    lines = [[rich_text.text(item.title, bold=True)], rich_text.joined(second)]
    section = rich_text.section(rich_text.joined(lines, between="\n"))
    return rich_text.rich_text(section, *([rich_text.quote(item.text)] if item.text else []))


def first_items(items: Sequence[Item], *, room: int, blocks: int) -> int:
    """How many items from the first on have room.

    :param room: characters
    :param blocks: so many at most
    """
    for count, item in enumerate(items):
        room -= text_size(item_block(item))
        if room < 0 or count == blocks:
            return count
    return len(items)


def api_words(words: Words, receipt: ReceiptView) -> list[Block]:
    """The sentences of the API's answer, word for word and marked as such, and the targets that
    could not be looked up.

    A report on hold needs nothing of its reporter, so the API's words about the access are left
    out.
    """
    if receipt.state not in {"refused", "unknown"}:
        return []
    lines, room = [], QUOTES_LIMIT
    for line in [*_quotes(words, receipt), *_not_looked_up(words, receipt)]:
        room -= text_size(line)
        if room > 0:
            lines.append(line)
    return [_paragraph(lines)] if lines else []


def _quotes(words: Words, receipt: ReceiptView) -> Iterator[list[Block]]:
    """A line for each sentence of the API, with the field that it names."""
    if message := receipt.cause.get("message"):
        quoted = cut(str(message), SENTENCE_LIMIT)
        yield rich_text.text_with_links(words("receipt.said", api=receipt.api, text=quoted))
    for name, sentences in (receipt.cause.get("fields") or {}).items():
        field = f"{receipt.kind}.{name.partition('.')[0]}"
        label = words.maybe(f"{field}.name", words.maybe(f"{field}.label", name))
        quoted = cut(" ".join(sentences), SENTENCE_LIMIT)
        sentence = words("receipt.said_of", api=receipt.api, field=cut(label, 100), text=quoted)
        yield rich_text.text_with_links(sentence)


def _not_looked_up(words: Words, receipt: ReceiptView) -> Iterator[list[Block]]:
    for reason in receipt.facts.reasons(words, receipt.cause):
        yield _fact(words, reason.value, reason.sentence)


def fitting(lines: Sequence[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """The first lines that have room. The last one is cut, with a mark at its end.

    :param room: characters
    """
    kept: list[tuple[str, str]] = []
    for label, value in lines[:FACTS_MOST]:
        left = room - length(label) - 3
        if left < 1:
            break
        kept.append((label, cut(value, left)))
        room = left - length(kept[-1][1])
    if len(kept) < len(lines):
        kept.append(("…", str(len(lines) - len(kept))))
    return kept


def _line_of(words: Words, thing: Thing) -> list[Block]:
    """A name alone stands out. Beside a label, the label does, as of every fact."""
    bold = not thing.label
    shown = f"{words('receipt.label', label=thing.label)} "
    label = [rich_text.text(shown, bold=True)] if thing.label else []
    if thing.url and is_address(thing.url):
        return [*label, rich_text.link(thing.url, thing.name, bold=bold)]
    return [*label, rich_text.text(thing.name, bold=bold)]


def _fact(words: Words, label: str, value: str) -> list[Block]:
    """A label, and its value verbatim."""
    shown = words("receipt.label", label=label)
    return [rich_text.text(f"{shown} ", bold=True), *rich_text.text_with_links(value or "–")]


def _paragraph(lines: Sequence[Sequence[Block]]) -> Block:
    return rich_text.rich_text(rich_text.section(rich_text.joined(lines, between="\n")))
