"""The receipt: a message that shows the present state of a report, and the messages beside it.

The state comes first, in words. Below it are the subject by its name, the person's words, the API's
own words, the buttons, and last the reporter and the reference.
"""

from collections.abc import Iterable, Iterator

from blocks import block_kit, receipt_body, receipt_photos, rich_text
from blocks.block_kit import Block, text_size
from blocks.mrkdwn import MARK, cut, literal
from blocks.receipt_status import SIGNS, explanation, head, headline, in_opener, time_of
from blocks.receipt_view import Item, Message, ReceiptView
from blocks.words import Words

TEXT_LIMIT = 4000
"""Bytes of the text beside the blocks. Slack takes no more in an update."""
BLOCKS_LIMIT = 10_000
"""Characters of text in all blocks. Slack refuses about 12,000; it does not document where."""
ITEMS_LIMIT = 5500
"""Characters of the items in the receipt's own message. It does not depend on the state, so a
report's further messages stay as they are while its state changes."""
ITEMS_MOST = 40
"""Items in one message: Slack takes 50 blocks."""
FURTHER_LIMIT = 9000
"""Characters of the items in a further message."""
TITLE_LIMIT = 300
"""Characters of a report's title in the channel, and in a notification."""
IN_ORDER = ("it_is_there", "send_again", "edit", "try_now", "discard", "undo", "restore")
"""The action_ids of the buttons that every kind's receipts have, in their order."""
_ASKED_TWICE = frozenset(
    {"discard", "send_again", "it_is_there", receipt_photos.THERE, receipt_photos.AGAIN}
)

_OPENS_A_FORM = frozenset({"edit", receipt_photos.CHOOSE})
"""The action_ids of buttons that decide nothing: each opens a form with the present facts."""


def draw(words: Words, receipt: ReceiptView) -> Message:
    """The receipt's own message, of at most `BLOCKS_LIMIT` characters: a text that is cut ends with
    a mark. Items that have no room in it are in `further`.
    """
    shown = _items_of_own(receipt)
    above = [
        block_kit.section(block_kit.mrkdwn(_state(words, receipt))),
        *receipt_body.about(words, receipt.summary),
        *(receipt_body.item_block(item) for item in receipt.summary.items[:shown]),
    ]
    if rest := len(receipt.summary.items) - shown:
        above.append(_note(words("receipt.rest_below", n=rest)))
    below = [
        *receipt_body.api_words(words, receipt),
        *_buttons(words, receipt),
        block_kit.context(*(block_kit.mrkdwn(line) for line in _footer(words, receipt))),
    ]
    room = BLOCKS_LIMIT - text_size([*above, *below])
    quotes = receipt_body.quotes(receipt.summary.quote, room)
    return Message(_text(words, receipt), [*above, *quotes, *below])


def further(words: Words, receipt: ReceiptView) -> list[Message]:
    """The messages with the items that have no room in the receipt's own."""
    messages, first = [], _items_of_own(receipt)
    items = receipt.summary.items
    while first < len(items):
        count = receipt_body.first_items(items[first:], room=FURTHER_LIMIT, blocks=ITEMS_MOST)
        messages.append(_further(words, receipt, first, items[first : first + count]))
        first += count
    return messages


def emptied(words: Words, receipt: ReceiptView) -> Message:
    """The text of a further message that has no items after an edit."""
    text = words("receipt.emptied", number=receipt.number)
    return Message(text, [_note(text)])


def opener(words: Words, receipt: ReceiptView) -> Message:
    """The line in the channel: how grave, what, where, who, and the state. The receipt is in its
    thread.
    """
    title = receipt.title
    line = [[rich_text.text(part)] for part in title.parts(words)]
    if title.grave:
        line[0] = [rich_text.text(title.grave, bold=True)]
    line.append(rich_text.filled(words("receipt.opener.by", who="\0"), {"\0": _who(receipt)}))
    at = time_of(receipt) or receipt.changed_at
    state = f"{SIGNS[receipt.state]} {words(in_opener(receipt), at=chr(0))}"
    line.append(rich_text.filled(state, {"\0": rich_text.moment(at)}))
    blocks = [rich_text.rich_text(rich_text.section(rich_text.joined(line)))]
    return Message(_opener_text(words, receipt), blocks)


def _who(receipt: ReceiptView) -> Block:
    return rich_text.user(receipt.who)


def _opener_text(words: Words, receipt: ReceiptView) -> str:
    title = literal(cut(receipt.title.line(words), TITLE_LIMIT))
    by = words("receipt.opener.by", who=receipt.reporter)
    at = block_kit.moment(time_of(receipt) or receipt.changed_at)
    state = f"{SIGNS[receipt.state]} {words(in_opener(receipt), at=at)}"
    return rich_text.BETWEEN.join((title, by, state))


def _items_of_own(receipt: ReceiptView) -> int:
    items = receipt.summary.items
    return receipt_body.first_items(items, room=ITEMS_LIMIT, blocks=ITEMS_MOST)


def _further(words: Words, receipt: ReceiptView, first: int, items: tuple[Item, ...]) -> Message:
    """:param first: how many items other messages show before these"""
    heading = words(
        "receipt.continued",
        number=receipt.number,
        first=first + 1,
        last=first + len(items),
        of=len(receipt.summary.items),
    )
    text = _joined([heading, *(literal(item.title) for item in items)])
    return Message(text, [_note(heading), *(receipt_body.item_block(item) for item in items)])


def _note(text: str) -> Block:
    return block_kit.context(block_kit.mrkdwn(text))


def _state(words: Words, receipt: ReceiptView) -> str:
    return "\n".join([headline(words, receipt), *explanation(words, receipt)])


def _text(words: Words, receipt: ReceiptView) -> str:
    title = literal(cut(receipt.title.line(words), TITLE_LIMIT))
    state = f"{SIGNS[receipt.state]} {head(words, receipt)}"
    line = rich_text.BETWEEN.join((state, title, words("receipt.number", number=receipt.number)))
    return _joined([line, *explanation(words, receipt)])


def _joined(lines: Iterable[str]) -> str:
    """The first lines of mrkdwn that have room in a message's text. A line that is cut could end
    within a link.
    """
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer.encode()) > TEXT_LIMIT - len(MARK.encode()):
            return text + MARK
        text = longer
    return text


def buttons(words: Words, receipt: ReceiptView) -> list[Block]:
    """The buttons that the state allows. While a report is on its way for the first time, at most
    *Undo*.
    """
    allowed = set(receipt.allowed)
    if receipt.state == "waiting" and not receipt.is_delayed:
        allowed &= {"undo"}
    offered = (
        *receipt.facts.buttons(receipt.cause),
        *receipt_photos.buttons(receipt),
        *(name for name in IN_ORDER if name in allowed),
    )
    return [_button(words, receipt, name) for name in offered]


def _buttons(words: Words, receipt: ReceiptView) -> list[Block]:
    """The block of the buttons, if there are any."""
    offered = buttons(words, receipt)
    return [block_kit.actions(offered, block_id=f"receipt#{receipt.version}")] if offered else []


def _button(words: Words, receipt: ReceiptView, name: str) -> Block:
    """The one that helps most after a refusal is the loudest, and never the one that gives up."""
    unchanged = name == "try_now" and receipt.state == "refused"
    return block_kit.button(
        name,
        words("button.send_unchanged") if unchanged else words(f"button.{name}"),
        value=receipt.button_value(decides=name not in _OPENS_A_FORM),
        style="primary" if name == "edit" and receipt.state == "refused" else None,
        confirm=_confirm(words, name) if name in _ASKED_TWICE else None,
    )


def _confirm(words: Words, name: str) -> Block:
    return block_kit.confirm(
        words(f"confirm.{name}.title"),
        words(f"confirm.{name}.text"),
        yes=words(f"button.{name}"),
        no=words("confirm.no"),
        danger=name == "discard",
    )


def _footer(words: Words, receipt: ReceiptView) -> Iterator[str]:
    at = block_kit.moment(receipt.created_at)
    if receipt.names_reporter:
        yield words("receipt.by", who=receipt.reporter, at=at)
    else:
        yield words("receipt.at", at=at)
    if receipt.meant_for:
        yield receipt.meant_for
    yield words("receipt.number", number=receipt.number)
    if receipt.remote_id:
        yield words("receipt.reference", remote_id=literal(cut(receipt.remote_id, 200)))
    if status := receipt.cause.get("status"):
        yield words("receipt.status", api=receipt.api, status=status)
