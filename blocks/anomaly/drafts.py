"""The draft in the form of `/anomaly`: its anomalies, its buttons, and an unsent draft."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from blocks import block_kit
from blocks.anomaly.context import AnomalyContext, DraftOffer
from blocks.anomaly.model import ANOMALIES_LIMIT, Anomaly
from blocks.block_kit import Block
from blocks.mrkdwn import cut, escape
from blocks.words import Words

ADD, MENU, REMOVE = "add_anomaly", "anomaly_menu", "remove_anomaly"
CONTINUE, DISCARD = "draft_continue", "draft_discard"
"""action_ids."""
EDIT_OPTION, REMOVE_OPTION = "edit", "remove"
"""The options of an anomaly's menu. Their values are `edit:2` and `remove:2`."""
LINE_LIMIT = 150
"""Characters of an anomaly's title, and of the line under it."""


def on_top(words: Words, context: AnomalyContext) -> Iterator[Block]:
    """How many anomalies the draft holds, or the offer to continue an unsent draft."""
    if context.offer and not context.draft:
        yield from _offer(words, context.offer)
    if n := len(context.draft):
        text = words("draft.full" if n >= ANOMALIES_LIMIT else "draft.so_far", n=n)
        yield block_kit.alert(text, "info", block_id="draft.so_far")


def below(
    words: Words, context: AnomalyContext, label_of: Callable[[str], str], *, now: float
) -> Iterator[Block]:
    """The button that adds the anomaly in the fields, and a section for each anomaly added.

    A view has 100 blocks at most: only the first 50 anomalies are drawn.

    :param label_of: gives the label of a level of risk
    :param now: UNIX seconds
    """
    if not context.is_full:
        label = words("draft.add" if context.anomaly_number is None else "draft.save")
        yield block_kit.actions([block_kit.button(ADD, label)], block_id=ADD)
    if n := len(context.draft):
        heading = block_kit.plain(words("draft.heading", n=n))
        yield block_kit.section(heading, block_id="draft.heading")
    for number, anomaly in islice(context.draft.items(), ANOMALIES_LIMIT):
        edited = number == context.anomaly_number
        status = words("draft.held") if edited else label_of(str(anomaly.risk))
        if anomaly.is_past(now):
            status = f"{status} · {words('draft.past')}"
        yield _section(words, number, anomaly, status, edited=edited)
    if (hidden := len(context.draft) - ANOMALIES_LIMIT) > 0:
        text = block_kit.plain(words("draft.hidden", n=hidden))
        yield block_kit.context(text, block_id="draft.hidden")


def chosen(action: Mapping[str, Any]) -> tuple[str, int]:
    """The option that was chosen for an anomaly, and its number; `("", 0)` for anything else.

    :param action: Slack's, of an anomaly's menu or button
    """
    selected = action.get("selected_option") or action
    match = re.fullmatch(r"([a-z]+):([0-9]{1,9})", str(selected.get("value")))
    return (match[1], int(match[2])) if match else ("", 0)


def _section(words: Words, number: int, anomaly: Anomaly, status: str, *, edited: bool) -> Block:
    """Plain text, so that no character of a title is read as markup."""
    place = ", ".join(part for part in (anomaly.location.floor, anomaly.location.room) if part)
    line = " · ".join(part for part in (status, place) if part)
    text = f"{cut(anomaly.title, LINE_LIMIT)}\n{cut(line, LINE_LIMIT)}"
    return block_kit.section(
        block_kit.plain(text),
        accessory=_remove_button(words, number) if edited else _menu(words, number),
        block_id=f"anomaly.{number}",
    )


def _remove_button(words: Words, number: int) -> Block:
    return block_kit.button(REMOVE, words("draft.remove"), value=f"{REMOVE_OPTION}:{number}")


def _menu(words: Words, number: int) -> Block:
    return block_kit.overflow(
        MENU,
        [
            block_kit.option(words("button.edit"), f"{EDIT_OPTION}:{number}"),
            block_kit.option(words("draft.remove"), f"{REMOVE_OPTION}:{number}"),
        ],
    )


def _offer(words: Words, offer: DraftOffer) -> Iterator[Block]:
    text = words(
        "draft.offer",
        n=offer.anomalies,
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
    label = words("draft.go_on")
    resume = block_kit.button(CONTINUE, label, value=offer.key, style="primary")
    discard = block_kit.button(DISCARD, words("button.discard"), value=offer.key, confirm=confirm)
    yield block_kit.actions([resume, discard], block_id="draft.offered")
