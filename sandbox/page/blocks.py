"""Layout blocks as Slack draws them, from the JSON that the bot sent."""

from collections.abc import Callable
from typing import Any

import htpy as h

from sandbox.page.buttons import image
from sandbox.page.pen import Pen, name_of
from sandbox.page.words import cannot_draw

Json = dict[str, Any]
Elements = Callable[[Json, Json], h.Renderable]
"""Draws one element of a block, given the block and the element."""
SIGNS = {"default": "•", "info": "i", "warning": "⚠", "error": "✖", "success": "✓"}


def draw(pen: Pen, block: Json, elements: Elements, *, error: str | None = None) -> h.Renderable:
    """A block of a type that is not known here is drawn as an error.

    :param error: the sentence below an input block
    """
    kind = block["type"]
    if kind == "input":
        return _input(pen, block, elements, error)
    if kind in BLOCKS:
        return h.div(f".block.{kind}")[BLOCKS[kind](pen, block, elements)]
    return cannot_draw("block", str(kind), block)


def _actions(_pen: Pen, block: Json, elements: Elements) -> h.Node:
    return [elements(block, one) for one in block["elements"]]


def _alert(pen: Pen, block: Json, _elements: Elements) -> h.Node:
    level = block.get("level") or "default"
    role = "alert" if level in {"warning", "error"} else "status"
    return h.div(f".notice.{level}", role=role)[
        h.span(".sign", aria_hidden="true")[SIGNS.get(level, "•")],
        h.span[pen.writer.text(block["text"])],
    ]


def _card(pen: Pen, block: Json, elements: Elements) -> h.Node:
    parts = [
        h.div(f".card-{name}")[pen.writer.text(block[name])]
        for name in ("title", "subtitle", "body", "subtext")
        if block.get(name)
    ]
    pictures = [image(block[name]) for name in ("hero_image", "icon") if block.get(name)]
    pressed = [elements(block, one) for one in block.get("actions") or []]
    return [pictures, parts, pressed and h.div(".block.actions")[pressed]]


def _context(pen: Pen, block: Json, _elements: Elements) -> h.Node:
    return [
        image(one) if one["type"] == "image" else h.span[pen.writer.text(one)]
        for one in block["elements"]
    ]


def _header(pen: Pen, block: Json, _elements: Elements) -> h.Node:
    return h.h3[pen.writer.text(block["text"])]


def _image(pen: Pen, block: Json, _elements: Elements) -> h.Node:
    title = block.get("title")
    return [title and h.div[pen.writer.text(title)], image(block)]


def _section(pen: Pen, block: Json, elements: Elements) -> h.Node:
    side = block.get("accessory")
    beside = side and (image(side) if side["type"] == "image" else elements(block, side))
    fields = block.get("fields")
    return [
        h.div(".words")[
            block.get("text") and h.div[pen.writer.text(block["text"])],
            fields and h.div(".fields")[(h.div[pen.writer.text(one)] for one in fields)],
        ],
        beside and h.div(".beside")[beside],
    ]


def _video(pen: Pen, block: Json, _elements: Elements) -> h.Node:
    url = block.get("title_url") or block["video_url"]
    return [h.b[pen.writer.link(url, pen.writer.text(block["title"]))], image(block)]


BLOCKS: dict[str, Callable[[Pen, Json, Elements], h.Node]] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "context": _context,
    "divider": lambda _pen, _block, _elements: h.hr,
    "header": _header,
    "image": _image,
    "markdown": lambda _pen, block, _elements: h.div(".markdown")[block["text"]],
    "rich_text": lambda pen, block, _elements: pen.writer.rich(block),
    "section": _section,
    "video": _video,
}


def _input(pen: Pen, block: Json, elements: Elements, error: str | None) -> h.Renderable:
    """A label, the element, its error, its hint: in Slack's order."""
    name = name_of(("", block["block_id"]))
    optional = block.get("optional") and h.span(".optional")[" ", pen.tongue("(optional)")]
    hint = block.get("hint")
    element = elements(block, block["element"])
    classes = "block input wrong" if error else "block input"
    return h.div(class_=classes, data_block=block["block_id"])[
        h.div(".label", id=f"label-{name}")[pen.writer.text(block["label"]), optional],
        element,
        h.div(".error", id=f"error-{name}", role="alert")[error and pen.tongue(error)],
        hint and h.div(".hint", id=f"hint-{name}")[pen.writer.text(hint)],
    ]
