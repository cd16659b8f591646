"""The same list in a message that one person sees, and the answer to a direct message."""

from collections.abc import Iterable, Iterator

from blocks import block_kit
from blocks.block_kit import Block
from blocks.home import rows
from blocks.home.model import HomeView
from blocks.receipt_view import Message
from blocks.words import Words

NEEDS, DRAFTS, REPORTS = 5, 3, 10
"""Reports in the list of `mine` at most: Slack takes 50 blocks in a message."""


def mine(words: Words, home: HomeView) -> Message:
    """The answer to `mine`."""
    if home.is_empty:
        text = words("home.nothing_yet")
        blocks = [block_kit.section(block_kit.mrkdwn(text), block_id="about")]
        return Message(text, [*blocks, rows.form_buttons(words, home.kinds, block_id="forms")])
    blocks = [*_needs(words, home), *_reports(words, home)]
    return Message(words("home.reports"), blocks)


def answer(words: Words, kinds: Iterable[str], filling: str, *, block_id: str) -> Message:
    """What the bot answers a direct message with.

    :param block_id: of its first block, 255 characters at most

    :param filling: what the forms are filled with, 2,000 characters at most; empty for nothing
    """
    text = words("home.filled_hello" if filling else "home.hello")
    return Message(
        text,
        [
            block_kit.section(block_kit.mrkdwn(text), block_id=block_id),
            rows.form_buttons(words, kinds, block_id="forms", value=filling),
        ],
    )


def _needs(words: Words, home: HomeView) -> Iterator[Block]:
    if not (home.needs.rows or home.drafts):
        return
    yield _title(words("home.needs"), "needs")
    for row in home.needs.rows[:NEEDS]:
        yield from rows.decidable(words, row, where="need")
    for unsent in home.drafts[:DRAFTS]:
        yield rows.draft(words, unsent)
    hidden = max(home.needs.total - NEEDS, 0) + max(len(home.drafts) - DRAFTS, 0)
    if hidden:
        yield _note(words("home.more", n=hidden), "need.more")


def _reports(words: Words, home: HomeView) -> Iterator[Block]:
    if not home.reports:
        return
    yield _title(words("home.reports"), "reports")
    for row in home.reports[:REPORTS]:
        yield rows.short(words, row, where="report")
    if home.has_older or len(home.reports) > REPORTS:
        yield _note(words("home.all_in_home"), "all")


def _title(text: str, block_id: str) -> Block:
    return {"type": "header", "text": block_kit.plain(text), "block_id": block_id}


def _note(text: str, block_id: str) -> Block:
    return block_kit.context(block_kit.mrkdwn(text), block_id=block_id)
