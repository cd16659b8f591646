"""The draft as the form of `/anomaly` shows it: what is in it, and one to go on with."""

from collections.abc import Callable, Iterator

from blocks import block_kit
from blocks.anomaly.context import Known, Offer
from blocks.anomaly.model import MOST, Anomaly
from blocks.block_kit import Block
from blocks.mrkdwn import cut, escape
from blocks.words import Words

ADD, EDIT, REMOVE = "add_finding", "edit_finding", "remove_finding"
CONTINUE, DISCARD = "draft_continue", "draft_discard"
"""action_ids of the buttons."""
TITLE_LIMIT = 150
"""Of a card, as of its second line."""


def on_top(words: Words, known: Known) -> Iterator[Block]:
    """How much there is already, or what was not sent before."""
    if known.offer and not known.draft:
        yield from _offered(words, known.offer)
    if n := len(known.draft):
        said = words("draft.full" if n >= MOST else "draft.so_far", n=n)
        yield block_kit.alert(said, "info", block_id="draft.so_far")


def below(words: Words, known: Known, level: Callable[[str], str]) -> Iterator[Block]:
    """The button that adds the finding in the form, and those added before.

    :param level: what a risk is called
    """
    if len(known.rest) < MOST:
        said = words("draft.save" if known.finding in known.draft else "draft.add")
        yield block_kit.actions([block_kit.button(ADD, said)], block_id=ADD)
    if n := len(known.draft):
        heading = block_kit.plain(words("draft.heading", n=n))
        yield block_kit.section(heading, block_id="draft.heading")
    for number, one in known.draft.items():
        yield _card(words, number, one, level(str(one.risk)), held=number == known.finding)


def _card(words: Words, number: int, one: Anomaly, level: str, *, held: bool) -> Block:
    place = ", ".join(part for part in (one.location.floor, one.location.room) if part)
    said = " · ".join(part for part in (level, place) if part)
    edit = block_kit.button(EDIT, words("button.edit"), value=str(number))
    remove = block_kit.button(REMOVE, words("draft.remove"), value=str(number))
    return block_kit.card(
        f"*{_shown(one.title, TITLE_LIMIT - 2)}*",
        words("draft.held") if held else _shown(said, TITLE_LIMIT),
        [remove] if held else [edit, remove],
        block_id=f"finding.{number}",
    )


def _offered(words: Words, offer: Offer) -> Iterator[Block]:
    text = words(
        "draft.offer",
        n=offer.findings,
        report=escape(offer.report),
        at=block_kit.moment(offer.changed_at),
    )
    if offer.elsewhere:
        text = f"{text} {words('draft.elsewhere', place=f'<#{offer.elsewhere}>')}"
    yield block_kit.section(block_kit.mrkdwn(text), block_id="draft.offer")
    confirm = block_kit.confirm(
        words("draft.discard.title"),
        words("draft.discard.text"),
        yes=words("button.discard"),
        no=words("confirm.no"),
    )
    go_on = block_kit.button(CONTINUE, words("draft.go_on"), value=offer.key, style="primary")
    discard = block_kit.button(DISCARD, words("button.discard"), value=offer.key, confirm=confirm)
    yield block_kit.actions([go_on, discard], block_id="draft.offered")


def _shown(text: str, limit: int) -> str:
    """What a person typed, in no more than so many characters once it is escaped."""
    while (excess := len(escape(text)) - limit) > 0:
        text = cut(text, len(text) - max(1, excess // 5))
    return escape(text)
