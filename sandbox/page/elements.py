"""Block elements in a modal, as Slack draws them: what can be pressed, chosen, or typed in."""

from collections.abc import Callable
from typing import Any

import htpy as h

from sandbox.page import pickers
from sandbox.page.buttons import button, overflow
from sandbox.page.pen import Attributes, Pen
from sandbox.page.shown import Shown
from sandbox.page.words import cannot_draw
from sandbox.slack.form import TEXT_INPUTS
from sandbox.slack.input_rules import LONGEST_TEXT

Json = dict[str, Any]
TYPING = "input changed delay:150ms"
EMPTY: Json = {"elements": []}
INPUT_TYPES = {"email_text_input": "email", "url_text_input": "url", "number_input": "number"}


def draw(pen: Pen, shown: Shown) -> h.Renderable:
    """An element of a type that is not known here is drawn as an error."""
    kind = shown.field.type
    if kind == "button":
        return button(pen, shown.element, _pressed(pen, shown, "click"))
    if kind == "overflow":
        return overflow(pen, shown.element, shown.id, _pressed(pen, shown, "choose"))
    if kind in TEXT_INPUTS or kind == "rich_text_input":
        return _text(pen, shown)
    if kind in DRAWERS:
        return DRAWERS[kind](pen, shown)
    return cannot_draw("block element", kind, shown.element)


def _pressed(pen: Pen, shown: Shown, verb: str) -> Attributes:
    value = {"value": shown.element["value"]} if shown.element.get("value") else {}
    return {"id": shown.id, **pen.acts(verb, field=shown.name, **value)}


def _text(pen: Pen, shown: Shown) -> h.Renderable:
    element, kind = shown.element, shown.field.type
    hint = element.get("placeholder") or {}
    attributes: dict[str, Any] = {
        **shown.described,
        **pen.acts("type", TYPING, field=shown.name),
        "hx-sync": "this:queue last",
        "name": shown.name,
        "placeholder": hint.get("text", ""),
        "autocomplete": "off",
    }
    if kind == "plain_text_input":
        attributes["maxlength"] = str(element.get("max_length") or LONGEST_TEXT)
    if kind == "rich_text_input":
        return h.textarea(attributes, rows="4")[pen.writer.reader.rich(shown.value or EMPTY)]
    if element.get("multiline"):
        return h.textarea(attributes, rows="4")[shown.value or ""]
    if kind == "number_input":
        attributes["step"] = "any" if element["is_decimal_allowed"] else "1"
    return h.input(attributes, type=INPUT_TYPES.get(kind, "text"), value=shown.value or "")


def _radio(pen: Pen, shown: Shown) -> h.Renderable:
    return _marks(pen, shown, "radio", [shown.value] if shown.value else [])


def _checkboxes(pen: Pen, shown: Shown) -> h.Renderable:
    return _marks(pen, shown, "checkbox", shown.value or [])


def _marks(pen: Pen, shown: Shown, kind: str, ticked: list[Json]) -> h.Renderable:
    """Radio buttons or checkboxes, each with its label and perhaps a description."""
    on = {one["value"] for one in ticked}
    act = pen.acts("choose", "change", field=shown.name)
    rows = []
    for number, option in enumerate(shown.element["options"]):
        mark = h.input(
            act,
            id=f"{shown.id}.{number}",
            type=kind,
            name=shown.name,
            value=option["value"],
            checked=option["value"] in on,
        )
        about = option.get("description")
        words = [pen.writer.text(option["text"])]
        rows.append(
            h.label(".mark")[mark, h.span[words, about and h.small[pen.writer.text(about)]]]
        )
    group = "radiogroup" if kind == "radio" else "group"
    return h.div(".marks", shown.described, role=group)[rows]


DRAWERS: dict[str, Callable[[Pen, Shown], h.Renderable]] = {
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
    "static_select": pickers.select,
    "multi_static_select": pickers.several,
    "external_select": pickers.search,
    "multi_external_select": pickers.search,
    "users_select": pickers.select,
    "multi_users_select": pickers.several,
    "channels_select": pickers.select,
    "multi_channels_select": pickers.several,
    "conversations_select": pickers.select,
    "multi_conversations_select": pickers.several,
    "datepicker": pickers.day,
    "timepicker": pickers.hour,
    "datetimepicker": pickers.day_and_hour,
    "file_input": pickers.files,
}
