"""Buttons, overflow menus and images: the elements that messages and modals share."""

from collections.abc import Sequence
from typing import Any

import htpy as h

from sandbox.page.pen import Attributes, Pen

Json = dict[str, Any]


def button(pen: Pen, element: Json, attributes: Attributes) -> h.Renderable:
    """A button with a url opens it, and tells the bot too."""
    words = pen.writer.text(element["text"])
    attributes = {**attributes, **_asks(element), "class": f"button {element.get('style') or ''}"}
    if label := element.get("accessibility_label"):
        attributes["aria-label"] = label
    if url := element.get("url"):
        return h.a(attributes, href=url, target="_blank", rel="noopener noreferrer")[words, " ↗"]
    return h.button(attributes, type="button")[words]


def overflow(pen: Pen, element: Json, menu_id: str, attributes: Attributes) -> h.Renderable:
    """Three dots, and what they open."""
    base = {name: one for name, one in attributes.items() if name != "id"} | _asks(element)
    options = [
        h.button(".item", base, type="button", name="value", value=option["value"])[
            pen.writer.text(option["text"])
        ]
        for option in element["options"]
    ]
    return menu(pen, f"menu-{menu_id}", options)


def menu(pen: Pen, menu_id: str, items: Sequence[h.Renderable]) -> h.Renderable:
    """Opened and closed by the browser itself, so that it is open at once."""
    return h.span(".menu")[
        h.button(
            ".dots",
            type="button",
            popovertarget=menu_id,
            title=pen.tongue("More actions"),
            aria_label=pen.tongue("More actions"),
        )["⋮"],
        h.div(".items", id=menu_id, popover="auto", role="menu")[items],
    ]


def image(element: Json) -> h.Renderable:
    """A picture is on another server, which this page does not ask: its words stand for it."""
    return h.span(".picture", role="img", aria_label=element["alt_text"])[element["alt_text"]]


def _asks(element: Json) -> Attributes:
    """The dialog that asks before, in the browser's own form."""
    confirm = element.get("confirm")
    if not confirm:
        return {}
    return {"hx-confirm": f"{confirm['title']['text']}\n\n{confirm['text']['text']}"}
