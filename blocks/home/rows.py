"""The blocks of one report, one draft, and the buttons of the forms."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from blocks import block_kit
from blocks.block_kit import Block
from blocks.home.model import AGAIN, CONTINUE, FORM, Draft, Row
from blocks.mrkdwn import cut, link, literal
from blocks.person import mention
from blocks.receipt import buttons
from blocks.receipt_status import SIGNS, head
from blocks.rich_text import BETWEEN
from blocks.words import Words

TITLE_LIMIT = 150
"""Characters of a report's or a draft's title."""
AT_REST = frozenset({"filed", "refused", "discarded"})
"""The states in which nothing of a report is under way, and nothing may have arrived unseen."""
ROWS_KEPT = 500
"""Blocks of reports that are kept in memory at most, as they were drawn."""
HEAD_LIMIT = 300
"""Characters of the state in words. A state has at most one address or mention in it."""


def form_buttons(words: Words, kinds: Iterable[str], *, block_id: str, value: str = "") -> Block:
    """A button for each form.

    :param value: the text that fills the form, 2,000 characters at most
    """
    return block_kit.actions(
        [block_kit.button(f"{FORM}.{kind}", _label(words, kind), value=value) for kind in kinds],
        block_id=block_id,
    )


def short(words: Words, row: Row, *, where: str) -> Block:
    """A report with the button that opens a form with the same.

    :param where: the part of the list, for the block_id
    """
    return _section(words, row, where, with_who=False)


@lru_cache(maxsize=ROWS_KEPT)
def decidable(words: Words, row: Row, *, where: str, with_who: bool = False) -> Sequence[Block]:
    """A report with the buttons that its state allows.

    The blocks of the rows that were drawn last are kept: when a Home is drawn again, most of its
    rows are the same objects. Nothing changes a block once it is drawn.

    :param with_who: whether to show who reported it
    """
    blocks = [_section(words, row, where, with_who=with_who)]
    if offered := buttons(words, row.report):
        block_id = f"{where}.{row.report.number}.buttons"
        blocks.append(block_kit.actions(offered, block_id=block_id))
    return blocks


def draft(words: Words, unsent: Draft) -> Block:
    title = literal(cut(unsent.title, TITLE_LIMIT))
    at = block_kit.moment(unsent.changed_at)
    text = f"✏️ *{words('home.draft')}*{BETWEEN}{at}\n{title}"
    return block_kit.section(
        block_kit.mrkdwn(text),
        accessory=block_kit.button(
            f"{CONTINUE}.{unsent.kind}", words("home.continue"), value=unsent.key
        ),
        block_id=f"draft.{unsent.key}"[:255],
    )


def _label(words: Words, kind: str) -> str:
    return cut(words.maybe(f"{kind}.heading", words.maybe(f"{kind}.short", kind)), 75)


def _section(words: Words, row: Row, where: str, *, with_who: bool) -> Block:
    """The text of a report. A person's own has the button that opens a form with the same, unless
    the report itself is still on its way: both would be filed.
    """
    number = str(row.report.number)
    offers_again = not with_who and row.report.state in AT_REST
    again = block_kit.button(AGAIN, words("home.again"), value=number)
    return block_kit.section(
        block_kit.mrkdwn(_text(words, row, with_who=with_who)),
        accessory=again if offers_again else None,
        block_id=f"{where}.{number}",
    )


def _text(words: Words, row: Row, *, with_who: bool) -> str:
    """The state, the date, the title, and where the report is, as mrkdwn."""
    report = row.report
    state = f"{SIGNS[report.state]} *{cut(head(words, report), HEAD_LIMIT)}*"
    where = [words("receipt.number", number=report.number)]
    if with_who:
        where.append(mention(report.who))
    if row.link:
        where.append(link(row.link, words("home.thread")))
    return "\n".join(
        (
            BETWEEN.join((state, block_kit.moment(report.created_at))),
            literal(cut(report.title.line(words), TITLE_LIMIT)),
            BETWEEN.join(where),
        )
    )
