"""The Block Kit objects that forms and receipts are made of.

Source: https://docs.slack.dev/reference/block-kit. Limits are noted where a caller could exceed
one: the drawing code cuts what people typed, and a test holds our own words to the limits.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from blocks.mrkdwn import cut, length

Block = dict[str, Any]

LAST_MOMENT = 253_402_300_800.0
"""The end of the year 9999, UNIX seconds: no later moment can be written."""
MOMENT_FORMAT = "{date_short_pretty} {time}"
"""How Slack writes a moment, such as `today 10:42`."""
TEXT_LIMIT = 3000
"""Characters of a text object."""
URL = r"(?<![\w/])https?://[^\s<>|]*[^\s<>|.,;:!?)\]}'\"*_~`»”’…]"
_LINK = re.compile(
    # `&lt;` and `&gt;` end an address, and the `;` of `&amp;` belongs to it.
    r"(?i)<[^<>]*>|(?<![\w/])https?://(?:&amp;|[^\s<>|&])*(?:&amp;|[^\s<>|&.,;:!?)\]}'\"*_~`»”’…])"
)
"""A link in an escaped text, or what stands in angle brackets already."""


def plain(text: str) -> Block:
    """Plain text, shown verbatim: no mention fires, nothing is formatted, `:x:` stays `:x:`."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Formatted text in which each link can be clicked and nothing else is made one.

    `verbatim` keeps Slack from linking channel and user names, but also addresses: these are put
    in Slack's own form here.

    :param text: escaped
    """
    linked = _LINK.sub(lambda link: link[0] if link[0][0] == "<" else f"<{link[0]}>", text)
    fits = length(linked) <= max(TEXT_LIMIT, length(text))
    return {"type": "mrkdwn", "text": linked if fits else text, "verbatim": True}


def option(label: str, value: str, description: str | None = None) -> Block:
    """:param label: 75 characters at most, as is the description; the value 150"""
    block = {"text": plain(label), "value": value}
    return block | {"description": plain(description)} if description else block


def field(
    name: str,
    element: Block,
    *,
    label: str,
    hint: str = "",
    optional: bool = False,
    redraws: bool = False,
    block_id: str | None = None,
) -> Block:
    """An input block. Its action_id is the API's field name, and so is its block_id as long as the
    block need not be replaced.

    :param redraws: Slack sends each choice at once, so that the form can change with it
    """
    block = {
        "type": "input",
        "block_id": block_id or name,
        "element": element | {"action_id": name},
        "label": plain(label),
        "optional": optional,
        "dispatch_action": redraws,
    }
    return block | {"hint": plain(hint)} if hint else block


def text_input(
    *,
    initial: str = "",
    limit: int,
    multiline: bool = False,
    placeholder: str = "",
    heard: bool = False,
) -> Block:
    """:param limit: characters, 3,000 at most
    :param heard: Slack sends an action for each character, if the field `redraws`
    """
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": limit}
    if initial:
        element["initial_value"] = cut(initial, limit)
    if placeholder:
        element["placeholder"] = plain(placeholder)
    if heard:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def number_input(*, initial: str = "") -> Block:
    """An input of a whole number. Its value is a string in Slack's payloads."""
    element: Block = {"type": "number_input", "is_decimal_allowed": False}
    return element | {"initial_value": initial} if initial else element


def radio_buttons(options: Sequence[Block], chosen: str | None) -> Block:
    """:param options: 1 to 10"""
    return {"type": "radio_buttons", "options": list(options)} | _initial(options, chosen)


def select(options: Sequence[Block]) -> Block:
    """A menu in which one option is chosen.

    :param options: 1 to 100
    """
    return {"type": "static_select", "options": list(options)}


def external_select(chosen: Block | None, *, placeholder: str) -> Block:
    """A menu whose options Slack asks the app for, when it is opened and while a person types.

    :param chosen: an option; it need not be among those offered
    """
    element: Block = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
    return element | {"initial_option": chosen} if chosen else element


def checkboxes(options: Sequence[Block], chosen: Iterable[str]) -> Block:
    """:param options: 1 to 10"""
    values = set(chosen)
    initial = [option for option in options if option["value"] in values]
    element: Block = {"type": "checkboxes", "options": list(options)}
    return element | {"initial_options": initial} if initial else element


def multi_select(options: Sequence[Block], chosen: Iterable[str]) -> Block:
    """:param options: 1 to 100"""
    return checkboxes(options, chosen) | {"type": "multi_static_select"}


def _initial(options: Sequence[Block], chosen: str | None) -> Block:
    initial = next((option for option in options if option["value"] == chosen), None)
    return {"initial_option": initial} if initial else {}


def datetime_picker(initial: int | None) -> Block:
    """:param initial: UNIX seconds"""
    element: Block = {"type": "datetimepicker"}
    return element | {"initial_date_time": initial} if initial else element


def section(text: Block, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """:param text: 3,000 characters at most, escaped
    :param accessory: one button or menu beside the text
    """
    block: Block = {"type": "section", "text": text}
    if accessory:
        block["accessory"] = accessory
    return block | {"block_id": block_id} if block_id else block


def context(*texts: Block, block_id: str | None = None) -> Block:
    """:param texts: 10 at most"""
    block: Block = {"type": "context", "elements": list(texts)}
    return block | {"block_id": block_id} if block_id else block


def alert(text: str, level: str, *, block_id: str) -> Block:
    """:param text: 200 characters at most
    :param level: info, warning, error or success; the text must say it too
    """
    return {"type": "alert", "block_id": block_id, "text": plain(text), "level": level}


def button(
    action_id: str,
    label: str,
    *,
    value: str = "",
    style: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """:param label: 75 characters at most; the value 2,000"""
    block: Block = {"type": "button", "action_id": action_id, "text": plain(label)}
    if value:
        block["value"] = value
    if style:
        block["style"] = style
    return block | {"confirm": confirm} if confirm else block


def confirm(title: str, text: str, *, yes: str, no: str, danger: bool = False) -> Block:
    """:param title: 100 characters at most; the text 300, the buttons 30
    :param danger: whether the button that confirms is red
    """
    block: Block = {
        "title": {"type": "plain_text", "text": title},
        "text": {"type": "plain_text", "text": text},
        "confirm": {"type": "plain_text", "text": yes},
        "deny": {"type": "plain_text", "text": no},
    }
    return block | {"style": "danger"} if danger else block


def actions(buttons: Sequence[Block], *, block_id: str) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """A menu of 2 to 5 options. A choice is sent at once."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def moment(seconds: float) -> str:
    """A moment as mrkdwn that each reader sees in their own time zone.

    :param seconds: UNIX seconds, from 0 to before `LAST_MOMENT`
    """
    return f"<!date^{int(seconds)}^{MOMENT_FORMAT}|{moment_in_utc(seconds)}>"


def moment_in_utc(seconds: float) -> str:
    """What stands for a moment where Slack cannot write it in the reader's time zone."""
    # This takes a fraction of the time of `datetime`, and a Home has dozens of moments.
    year, month, day, hour, minute, *_ = time.gmtime(seconds)
    return f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d} UTC"


def text_size(value: Any) -> int:
    """The characters of all texts and addresses in these blocks."""
    if isinstance(value, Mapping):
        own = (value.get("text"), value.get("url"))
        here = sum(length(text) for text in own if isinstance(text, str))
        return here + sum(text_size(part) for part in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(text_size(part) for part in value)
    return 0
