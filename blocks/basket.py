"""The basket as the form of `/anomaly` shows it: what is in it, and one to go on with."""

from collections.abc import Callable, Iterator

from blocks import kit
from blocks.anomaly_known import Known, Offer
from blocks.anomaly_report import MOST, Anomaly
from blocks.kit import Block
from blocks.text import cut, escape
from blocks.words import Words

ADD, EDIT, REMOVE = "add_finding", "edit_finding", "remove_finding"
CONTINUE, DISCARD = "basket_continue", "basket_discard"
"""action_ids of the buttons."""
TITLE_LIMIT = 150
"""Of a card, as of its second line."""


def on_top(words: Words, known: Known) -> Iterator[Block]:
    """How much there is already, or what was not sent before."""
    if known.offer and not known.basket:
        yield from _offered(words, known.offer)
    if n := len(known.basket):
        said = words("basket.full" if n >= MOST else "basket.so_far", n=n)
        yield kit.alert(said, "info", block_id="basket.so_far")


def below(words: Words, known: Known, level: Callable[[str], str]) -> Iterator[Block]:
    """The button that adds the finding in the form, and those added before.

    :param level: what a risk is called
    """
    if len(known.rest) < MOST:
        said = words("basket.save" if known.finding in known.basket else "basket.add")
        yield kit.actions([kit.button(ADD, said)], block_id=ADD)
    if n := len(known.basket):
        heading = kit.plain(words("basket.heading", n=n))
        yield kit.section(heading, block_id="basket.heading")
    for number, one in known.basket.items():
        yield _card(words, number, one, level(str(one.risk)), held=number == known.finding)


def _card(words: Words, number: int, one: Anomaly, level: str, *, held: bool) -> Block:
    place = ", ".join(part for part in (one.location.floor, one.location.room) if part)
    said = " · ".join(part for part in (level, place) if part)
    edit = kit.button(EDIT, words("button.edit"), value=str(number))
    remove = kit.button(REMOVE, words("basket.remove"), value=str(number))
    return kit.card(
        f"*{_shown(one.title, TITLE_LIMIT - 2)}*",
        words("basket.held") if held else _shown(said, TITLE_LIMIT),
        [remove] if held else [edit, remove],
        block_id=f"finding.{number}",
    )


def _offered(words: Words, offer: Offer) -> Iterator[Block]:
    text = words(
        "basket.offer",
        n=offer.findings,
        report=escape(offer.report),
        at=kit.moment(offer.changed_at),
    )
    if offer.elsewhere:
        text = f"{text} {words('basket.elsewhere', place=f'<#{offer.elsewhere}>')}"
    yield kit.section(kit.mrkdwn(text), block_id="basket.offer")
    confirm = kit.confirm(
        words("basket.discard.title"),
        words("basket.discard.text"),
        yes=words("button.discard"),
        no=words("confirm.no"),
    )
    go_on = kit.button(CONTINUE, words("basket.go_on"), value=offer.key, style="primary")
    discard = kit.button(DISCARD, words("button.discard"), value=offer.key, confirm=confirm)
    yield kit.actions([go_on, discard], block_id="basket.offered")


def _shown(text: str, limit: int) -> str:
    """What a person typed, in no more than so many characters once it is escaped."""
    while (excess := len(escape(text)) - limit) > 0:
        text = cut(text, len(text) - max(1, excess // 5))
    return escape(text)
