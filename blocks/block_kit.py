"""The few Block Kit pieces that our forms and receipts are made of.

Source: https://docs.slack.dev/reference/block-kit. Limits are noted where a caller could pass one;
the drawing code cuts what people typed, and a test holds our own words to the limits.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Block = dict[str, Any]

LAST_MOMENT = 253_402_300_800.0
"""The end of the year 9999, UNIX seconds: no later moment can be written."""


def plain(text: str) -> Block:
    """Plain text, to the letter: no mention, no format, and `:x:` stays what was typed."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def option(label: str, value: str, description: str | None = None) -> Block:
    """:param label: 75 characters at most, as is the description; the value 150"""
    made = {"text": plain(label), "value": value}
    return made | {"description": plain(description)} if description else made


def field(
    name: str,
    element: Block,
    *,
    label: str,
    hint: str,
    optional: bool = False,
    redraws: bool = False,
    block_id: str | None = None,
) -> Block:
    """An input whose action_id, and block_id unless it had to be reset, is the API's field name.

    :param redraws: a choice is sent at once, so that the form can change with it
    """
    return {
        "type": "input",
        "block_id": block_id or name,
        "element": element | {"action_id": name},
        "label": plain(label),
        "hint": plain(hint),
        "optional": optional,
        "dispatch_action": redraws,
    }


def text_input(
    *,
    initial: str = "",
    limit: int,
    multiline: bool = False,
    placeholder: str = "",
    heard: bool = False,
) -> Block:
    """:param limit: Slack takes 3,000 at most
    :param heard: each character is told at once, if the field `redraws`
    """
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": limit}
    if initial:
        element["initial_value"] = initial[:limit]
    if placeholder:
        element["placeholder"] = plain(placeholder)
    if heard:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def number_input(*, initial: str = "") -> Block:
    """A whole number. Slack takes and gives it as a string."""
    element: Block = {"type": "number_input", "is_decimal_allowed": False}
    return element | {"initial_value": initial} if initial else element


def radio_buttons(options: Sequence[Block], chosen: str | None) -> Block:
    """:param options: 1 to 10"""
    return {"type": "radio_buttons", "options": list(options)} | _initial(options, chosen)


def external_select(chosen: Block | None, *, placeholder: str) -> Block:
    """A list that is asked for as somebody types in it, and before.

    :param chosen: an option; it need not be offered
    """
    element: Block = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
    return element | {"initial_option": chosen} if chosen else element


def checkboxes(options: Sequence[Block], chosen: Iterable[str]) -> Block:
    """:param options: 1 to 10"""
    wanted = set(chosen)
    initial = [one for one in options if one["value"] in wanted]
    element: Block = {"type": "checkboxes", "options": list(options)}
    return element | {"initial_options": initial} if initial else element


def multi_select(options: Sequence[Block], chosen: Iterable[str]) -> Block:
    """:param options: 1 to 100"""
    return checkboxes(options, chosen) | {"type": "multi_static_select"}


def _initial(options: Sequence[Block], chosen: str | None) -> Block:
    found = next((one for one in options if one["value"] == chosen), None)
    return {"initial_option": found} if found else {}


def datetime_picker(initial: int | None) -> Block:
    """:param initial: UNIX seconds"""
    element: Block = {"type": "datetimepicker"}
    return element | {"initial_date_time": initial} if initial else element


def section(text: Block, *, block_id: str | None = None) -> Block:
    """:param text: 3,000 characters at most, escaped"""
    made = {"type": "section", "text": text}
    return made | {"block_id": block_id} if block_id else made


def context(*texts: Block, block_id: str | None = None) -> Block:
    """:param texts: 10 at most"""
    made: Block = {"type": "context", "elements": list(texts)}
    return made | {"block_id": block_id} if block_id else made


def alert(text: str, level: str, *, block_id: str) -> Block:
    """:param text: 200 characters at most
    :param level: info, warning, error or success; the words must say it too
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
    made: Block = {"type": "button", "action_id": action_id, "text": plain(label)}
    if value:
        made["value"] = value
    if style:
        made["style"] = style
    return made | {"confirm": confirm} if confirm else made


def confirm(title: str, text: str, *, yes: str, no: str) -> Block:
    """:param title: 100 characters at most; the text 300, the buttons 30"""
    return {
        "title": {"type": "plain_text", "text": title},
        "text": {"type": "plain_text", "text": text},
        "confirm": {"type": "plain_text", "text": yes},
        "deny": {"type": "plain_text", "text": no},
    }


def actions(buttons: Sequence[Block], *, block_id: str) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def card(title: str, subtitle: str, buttons: Sequence[Block], *, block_id: str) -> Block:
    """Title and subtitle as mrkdwn, each of 150 characters at most; 3 buttons at most."""
    return {
        "type": "card",
        "block_id": block_id,
        "title": mrkdwn(title),
        "subtitle": mrkdwn(subtitle),
        "actions": list(buttons),
    }


def quote(text: str) -> Block:
    """What a person typed, as typed: rich text reads no markup and fires no mention."""
    words = {"type": "text", "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [words]}]}


def facts(lines: Sequence[tuple[str, str]]) -> Block:
    """A label and a value a line; the values to the letter, as `quote` shows them."""
    elements: list[Block] = []
    for number, (label, value) in enumerate(lines):
        end = "\n" if number < len(lines) - 1 else ""
        elements.append({"type": "text", "text": f"{label}: ", "style": {"bold": True}})
        elements.append({"type": "text", "text": (value or "–") + end})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def moment(seconds: float) -> str:
    """A moment in each reader's own time zone, as mrkdwn.

    :param seconds: UNIX seconds, from 0 to before `LAST_MOMENT`
    """
    fallback = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(seconds)}^{{date_short_pretty}} {{time}}|{fallback}>"


def text_size(value: Any) -> int:
    """The characters of all texts in these blocks."""
    if isinstance(value, Mapping):
        own = value.get("text")
        here = len(own) if isinstance(own, str) else 0
        return here + sum(text_size(part) for part in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(text_size(part) for part in value)
    return 0
