"""Layout blocks as Slack draws them, from the JSON that the bot sent."""

from collections.abc import Callable
from typing import Any

import htpy as h

from sandbox.page.buttons import image
from sandbox.page.render_context import RenderContext, name_of
from sandbox.page.text_renderer import cannot_draw

Json = dict[str, Any]
DrawElement = Callable[[Json, Json], h.Renderable]
"""Draws an element of a block, given the block and the element."""
ALERT_ICONS = {"default": "•", "info": "i", "warning": "⚠", "error": "✖", "success": "✓"}


def draw(
    context: RenderContext, block: Json, draw_element: DrawElement, *, error: str | None = None
) -> h.Renderable:
    """A block; a block of an unknown type is drawn as a visible error.

    :param error: the sentence below an input block
    """
    kind = block["type"]
    if kind == "input":
        return _input(context, block, draw_element, error)
    if kind in BLOCKS:
        return h.div(f".block.{kind}")[BLOCKS[kind](context, block, draw_element)]
    return cannot_draw("block", str(kind), block)


def _actions(_context: RenderContext, block: Json, draw_element: DrawElement) -> h.Node:
    return [draw_element(block, element) for element in block["elements"]]


def _alert(context: RenderContext, block: Json, _draw_element: DrawElement) -> h.Node:
    level = block.get("level") or "default"
    role = "alert" if level in {"warning", "error"} else "status"
    return h.div(f".notice.{level}", role=role)[
        h.span(".icon", aria_hidden="true")[ALERT_ICONS.get(level, "•")],
        h.span[context.text.text_object(block["text"])],
    ]


def _card(context: RenderContext, block: Json, draw_element: DrawElement) -> h.Node:
    texts = [
        h.div(f".card-{name}")[context.text.text_object(block[name])]
        for name in ("title", "subtitle", "body", "subtext")
        if block.get(name)
    ]
    images = [image(block[name]) for name in ("hero_image", "icon") if block.get(name)]
    buttons = [draw_element(block, element) for element in block.get("actions") or []]
    return [images, texts, buttons and h.div(".block.actions")[buttons]]


def _context(context: RenderContext, block: Json, _draw_element: DrawElement) -> h.Node:
    return [
        image(element) if element["type"] == "image" else h.span[context.text.text_object(element)]
        for element in block["elements"]
    ]


def _header(context: RenderContext, block: Json, _draw_element: DrawElement) -> h.Node:
    return h.h3[context.text.text_object(block["text"])]


def _image(context: RenderContext, block: Json, _draw_element: DrawElement) -> h.Node:
    title = block.get("title")
    return [title and h.div[context.text.text_object(title)], image(block)]


def _section(context: RenderContext, block: Json, draw_element: DrawElement) -> h.Node:
    text, fields, accessory = block.get("text"), block.get("fields"), block.get("accessory")
    beside: h.Node = None
    if accessory:
        is_image = accessory["type"] == "image"
        beside = image(accessory) if is_image else draw_element(block, accessory)
    return [
        h.div(".words")[
            text and h.div[context.text.text_object(text)],
            fields
            and h.div(".fields")[(h.div[context.text.text_object(field)] for field in fields)],
        ],
        accessory and h.div(".beside")[beside],
    ]


def _video(context: RenderContext, block: Json, _draw_element: DrawElement) -> h.Node:
    url = block.get("title_url") or block["video_url"]
    title = context.text.text_object(block["title"])
    return [h.b[context.text.link(url, title)], image(block)]


BLOCKS: dict[str, Callable[[RenderContext, Json, DrawElement], h.Node]] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "context": _context,
    "divider": lambda _context, _block, _draw_element: h.hr,
    "header": _header,
    "image": _image,
    "markdown": lambda _context, block, _draw_element: h.div(".markdown")[block["text"]],
    "rich_text": lambda context, block, _draw_element: context.text.rich_text(block),
    "section": _section,
    "video": _video,
}


def _input(
    context: RenderContext, block: Json, draw_element: DrawElement, error: str | None
) -> h.Renderable:
    """The label, the element, the error and the hint, in Slack's order."""
    name = name_of(("", block["block_id"]))
    optional = block.get("optional") and h.span(".optional")[" ", context.translate("(optional)")]
    hint = block.get("hint")
    classes = "block input wrong" if error else "block input"
    return h.div(class_=classes, data_block=block["block_id"])[
        h.div(".label", id=f"label-{name}")[context.text.text_object(block["label"]), optional],
        draw_element(block, block["element"]),
        h.div(".error", id=f"error-{name}", role="alert")[error and context.translate(error)],
        hint and h.div(".hint", id=f"hint-{name}")[context.text.text_object(hint)],
    ]
