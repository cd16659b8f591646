"""The draft in the form of `/anomaly`: its anomalies, its buttons, and an unsent draft."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from blocks import block_kit
from blocks.anomaly.context import AnomalyContext, DraftOffer
from blocks.anomaly.model import ANOMALIES_LIMIT, Anomaly
from blocks.anomaly.options import subject
from blocks.block_kit import Block
from blocks.mrkdwn import cut, literal
from blocks.words import Words

ADD, MENU, REMOVE = "add_anomaly", "anomaly_menu", "remove_anomaly"
CONTINUE, DISCARD = "draft_continue", "draft_discard"
LIST = "anomaly_list"
"""action_ids."""
EDIT_OPTION, COPY_OPTION, REMOVE_OPTION = "edit", "copy", "remove"
"""The options of an anomaly's menu. Their values are `edit:2` and so on."""
SHOW, HIDE = "show", "hide"
"""The values of the button that folds the list."""
TITLE_SHOWN = 80
"""Characters of a title that a sentence names."""
ERROR_LIMIT = 200
"""Characters of an alert."""
LINE_LIMIT = 150
"""Characters of an anomaly's title, and of the line under it."""


def on_top(words: Words, context: AnomalyContext) -> Iterator[Block]:
    """How many anomalies the draft holds, or the offer to continue an unsent draft."""
    if context.offer and not context.draft:
        yield from _offer(words, context.offer)
    n, edited = len(context.draft), context.draft.get(context.anomaly_number or 0)
    if edited:
        text = words("draft.editing", title=cut(edited.title, TITLE_SHOWN))
        yield block_kit.alert(text, "info", block_id="draft.editing")
    elif n:
        text = words("draft.full" if n >= ANOMALIES_LIMIT else "draft.so_far", n=n)
        yield block_kit.alert(text, "success", block_id="draft.so_far")


def below(
    words: Words,
    context: AnomalyContext,
    label_of: Callable[[str], str],
    *,
    now: float,
    errors: Mapping[str, str],
    shows_list: bool,
) -> Iterator[Block]:
    """The button that adds the anomaly in the fields, and the list of the anomalies added.

    A view has 100 blocks at most: only the first 50 anomalies are drawn.

    :param label_of: gives the label of a level of risk
    :param now: UNIX seconds
    :param errors: by field. Whoever presses the button sees them although the fields are far above.
    """
    if errors:
        text = cut(_in_short(words, errors), ERROR_LIMIT)
        yield block_kit.alert(text, "error", block_id="draft.errors")
    if buttons := list(_buttons(words, context, shows_list=shows_list)):
        yield block_kit.actions(buttons, block_id=ADD)
    # With a draft the button that closes the form says it: a short form shows its top.
    if context.keeps_what_is_typed and not context.draft:
        text = words("draft.kept_without_photos" if context.takes_photos else "draft.kept")
        yield block_kit.context(block_kit.plain(text), block_id="draft.kept")
    if shows_list and context.draft:
        yield from _list(words, context, label_of, now=now)


def _buttons(words: Words, context: AnomalyContext, *, shows_list: bool) -> Iterator[Block]:
    n = len(context.draft)
    if context.anomaly_number is not None:
        number = context.anomaly_number
        yield block_kit.button(ADD, words("draft.save"))
        yield block_kit.button(REMOVE, words("draft.remove"), value=f"{REMOVE_OPTION}:{number}")
    elif not context.is_full:
        yield block_kit.button(ADD, words("draft.add", number=n + 1))
    if n:
        label = words("draft.list.hide" if shows_list else "draft.list.show", n=n)
        yield block_kit.button(LIST, label, value=HIDE if shows_list else SHOW)


def _in_short(words: Words, errors: Mapping[str, str]) -> str:
    """The first error, and how many fields have one."""
    name, error = next(iter(errors.items()))
    label = words.maybe(f"anomaly.{name}.label", "")
    if not label:
        return error
    return words("draft.to_correct", n=len(errors), field=label, error=error)


def _list(
    words: Words, context: AnomalyContext, label_of: Callable[[str], str], *, now: float
) -> Iterator[Block]:
    heading = block_kit.plain(words("draft.heading", n=len(context.draft)))
    yield block_kit.section(heading, block_id="draft.heading")
    for number, anomaly in islice(context.draft.items(), ANOMALIES_LIMIT):
        edited = number == context.anomaly_number
        status = words("draft.held") if edited else label_of(str(anomaly.risk))
        if anomaly.is_past(now):
            status = f"{status} · {words('draft.past')}"
        if photos := context.photos.get(number):
            status = f"{status} · {words('draft.photos', n=len(photos))}"
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
        accessory=None if edited else _menu(words, number),
        block_id=f"anomaly.{number}",
    )


def _menu(words: Words, number: int) -> Block:
    return block_kit.overflow(
        MENU,
        [
            block_kit.option(words("button.edit"), f"{EDIT_OPTION}:{number}"),
            block_kit.option(words("draft.copy"), f"{COPY_OPTION}:{number}"),
            block_kit.option(words("draft.remove"), f"{REMOVE_OPTION}:{number}"),
        ],
    )


def _offer(words: Words, offer: DraftOffer) -> Iterator[Block]:
    text = words(
        _offer_sentence(offer),
        n=offer.anomalies,
        what=literal(subject(words, offer.site, offer.report)),
        title=literal(cut(offer.unfinished, TITLE_SHOWN)),
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


def _offer_sentence(offer: DraftOffer) -> str:
    if not offer.unfinished:
        return "draft.offer"
    return "draft.offer_with_unfinished" if offer.anomalies else "draft.offer_unfinished"
