"""Buttons, overflow menus and images: the elements that messages and modals share."""

import json
from collections.abc import Sequence
from typing import Any

import htpy as h

from sandbox.page.render_context import Attributes, RenderContext

Json = dict[str, Any]


def button(context: RenderContext, element: Json, attributes: Attributes) -> h.Renderable:
    """A button. If it has a url, a press also opens the url."""
    label = context.text.text_object(element["text"])
    style = element.get("style") or ""
    attributes = {**attributes, **_confirmation(context, element), "class": f"button {style}"}
    if spoken_label := element.get("accessibility_label"):
        attributes["aria-label"] = spoken_label
    if url := element.get("url"):
        return h.a(attributes, href=url, target="_blank", rel="noopener noreferrer")[label, " ↗"]
    return h.button(attributes, type="button")[label]


def overflow(
    context: RenderContext, element: Json, menu_id: str, attributes: Attributes
) -> h.Renderable:
    """Three dots that open a menu of options."""
    options = [
        h.button(".item", _posting(attributes, option["value"]), _confirmation(context, element))[
            context.text.text_object(option["text"])
        ]
        for option in element["options"]
    ]
    return menu(context, f"menu-{menu_id}", options)


def _posting(attributes: Attributes, value: str) -> Attributes:
    """The attributes of an option. htmx posts no value of a button that submits no form, so the
    value goes where the other values are.
    """
    values = json.loads(attributes["hx-vals"]) | {"value": value}
    shared = {name: content for name, content in attributes.items() if name != "id"}
    return shared | {"hx-vals": json.dumps(values), "type": "button"}


def menu(context: RenderContext, menu_id: str, items: Sequence[h.Renderable]) -> h.Renderable:
    """A menu that the browser opens and closes by itself, without a request."""
    label = context.translate("More actions")
    return h.span(".menu")[
        h.button(".dots", type="button", popovertarget=menu_id, title=label, aria_label=label)["⋮"],
        h.div(".items", id=menu_id, popover="auto", role="menu")[items],
    ]


def image(element: Json) -> h.Renderable:
    """The alternative text, because the page loads nothing from another server."""
    return h.span(".picture", role="img", aria_label=element["alt_text"])[element["alt_text"]]


def _confirmation(context: RenderContext, element: Json) -> Attributes:
    """The confirm object of an element, for the dialog that static/page.js opens."""
    confirm = element.get("confirm")
    if not confirm:
        return {}
    title, text = confirm["title"]["text"], confirm["text"]
    dialog = {
        "title": title,
        "text": str(h.fragment[context.text.text_object(text)]),
        "yes": confirm["confirm"]["text"],
        "no": confirm["deny"]["text"],
        "style": confirm.get("style") or "primary",
    }
    return {"hx-confirm": title, "data-confirm": json.dumps(dialog)}
