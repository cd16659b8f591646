"""The elements of a modal, as Slack draws them: to press, to choose from, or to type in."""

from collections.abc import Callable
from typing import Any

import htpy as h

from sandbox.page import dates, files, pickers
from sandbox.page.buttons import button, overflow
from sandbox.page.field_view import FieldView
from sandbox.page.render_context import Attributes, RenderContext
from sandbox.page.text_renderer import cannot_draw
from sandbox.slack.form import TEXT_INPUTS
from sandbox.slack.input_rules import LONGEST_TEXT

Json = dict[str, Any]
TYPING = "input changed delay:150ms"
EMPTY: Json = {"elements": []}
INPUT_TYPES = {"email_text_input": "email", "url_text_input": "url", "number_input": "number"}


def draw(context: RenderContext, view: FieldView) -> h.Renderable:
    """An element; an element of an unknown type is drawn as a visible error."""
    kind = view.field.type
    if kind == "button":
        return button(context, view.element, _press(context, view, "click"))
    if kind == "overflow":
        return overflow(context, view.element, view.id, _press(context, view, "choose"))
    if kind in TEXT_INPUTS or kind == "rich_text_input":
        return _text_input(context, view)
    if kind in DRAWERS:
        return DRAWERS[kind](context, view)
    return cannot_draw("block element", kind, view.element)


def _press(context: RenderContext, view: FieldView, verb: str) -> Attributes:
    value = {"value": view.element["value"]} if view.element.get("value") else {}
    return {"id": view.id, **context.post(verb, field=view.name, **value)}


def _text_input(context: RenderContext, view: FieldView) -> h.Renderable:
    element, kind = view.element, view.field.type
    placeholder = element.get("placeholder") or {}
    attributes: dict[str, Any] = {
        **view.described,
        **context.post("type", TYPING, field=view.name),
        "hx-sync": "this:queue last",
        "name": view.name,
        "placeholder": placeholder.get("text", ""),
        "autocomplete": "off",
    }
    if kind == "plain_text_input":
        attributes["maxlength"] = str(element.get("max_length") or LONGEST_TEXT)
    if kind == "rich_text_input":
        return h.textarea(attributes, rows="4")[context.text.rich_text(view.drawn_value or EMPTY)]
    if element.get("multiline"):
        return h.textarea(attributes, rows="4")[view.drawn_value or ""]
    if kind == "number_input":
        attributes["step"] = "any" if element["is_decimal_allowed"] else "1"
    return h.input(attributes, type=INPUT_TYPES.get(kind, "text"), value=view.drawn_value or "")


def _radio_buttons(context: RenderContext, view: FieldView) -> h.Renderable:
    chosen = [view.drawn_value] if view.drawn_value else []
    return _marks(context, view, "radio", chosen)


def _checkboxes(context: RenderContext, view: FieldView) -> h.Renderable:
    return _marks(context, view, "checkbox", view.drawn_value or [])


def _marks(context: RenderContext, view: FieldView, kind: str, chosen: list[Json]) -> h.Renderable:
    """Radio buttons or checkboxes, each with its label and its description, if any."""
    chosen_values = {option["value"] for option in chosen}
    choose = context.post("choose", "change", field=view.name)
    rows = []
    for number, option in enumerate(view.element["options"]):
        mark = h.input(
            choose,
            id=f"{view.id}.{number}",
            type=kind,
            name=view.name,
            value=option["value"],
            checked=option["value"] in chosen_values,
        )
        description = option.get("description")
        label = h.span[
            context.text.text_object(option["text"]),
            description and h.small[context.text.text_object(description)],
        ]
        rows.append(h.label(".mark")[mark, label])
    group = "radiogroup" if kind == "radio" else "group"
    return h.div(".marks", view.described, role=group)[rows]


DRAWERS: dict[str, Callable[[RenderContext, FieldView], h.Renderable]] = {
    "radio_buttons": _radio_buttons,
    "checkboxes": _checkboxes,
    "static_select": pickers.draw,
    "multi_static_select": pickers.draw,
    "external_select": pickers.draw,
    "multi_external_select": pickers.draw,
    "users_select": pickers.draw,
    "multi_users_select": pickers.draw,
    "channels_select": pickers.draw,
    "multi_channels_select": pickers.draw,
    "conversations_select": pickers.draw,
    "multi_conversations_select": pickers.draw,
    "datepicker": dates.date_picker,
    "timepicker": dates.time_picker,
    "datetimepicker": dates.date_time_picker,
    "file_input": files.draw_field,
}
