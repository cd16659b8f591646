"""The text and links that a block of a Slack message shows, whatever its type.

Source: https://docs.slack.dev/reference/block-kit/blocks. A type that is not known here is read
like the others, by the keys under which blocks show something.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from blocks.compared import compared
from blocks.mrkdwn import Link, parts, unescape

Part = str | Link
"""Words, or a link between them."""

DEPTH = 12
"""Levels that are read of blocks and messages inside each other."""
_SHOWN = (
    *("title", "rich_text_title", "subtitle", "author_name", "provider_name", "label", "text"),
    *(
        "body",
        "description",
        "details",
        "fields",
        "elements",
        "accessory",
        "element",
        "initial_option",
        "hint",
        "output",
    ),
    *("sources", "actions", "cards", "tasks", "children", "child_blocks", "footer"),
)
"""The keys of a block under which something is shown, from top to bottom. A button's or an option's
`value`, a menu's `options` and the question before a button's press are not shown.
"""
_KEYS = {
    "image": ("title",),
    "radio_buttons": ("label", "options"),
    "checkboxes": ("label", "options"),
}
"""The same for those that show something else."""
_BETWEEN = {"context": " "}
"""What stands between the pieces of a block that does not begin a line for each."""
_STAND_IN = re.compile(
    r"this content can't be displayed\.?|this message contains interactive elements\.?"
    r"|\[no preview available\]|ce contenu ne peut pas être affiché\.?"
)
"""The words by which Slack replaces content that it has not as text."""
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\((https?://[^\s()]+)\)")


def read(block: Mapping[str, Any], behind: list[str], depth: int = 0) -> tuple[Part, ...]:
    """The words and links of a block, an element of one, or a text object.

    :param behind: takes the addresses to which its buttons and titles lead
    """
    kind = str(block.get("type"))
    if depth > DEPTH:
        return ()
    if kind.startswith("rich_text"):
        return _rich_text(block, depth)
    behind += addresses(block, "url", "title_url")
    if isinstance(block.get("text"), (str, int, float)):
        return _written(kind, string(block["text"]))
    lines, between = _lines(kind, block, behind, depth), _BETWEEN.get(kind, "\n")
    return joined(lines, between=between)


def _lines(
    kind: str, block: Mapping[str, Any], behind: list[str], depth: int
) -> Iterable[tuple[Part, ...]]:
    rows = block.get("rows")
    if kind in {"table", "data_table"} and isinstance(rows, list):
        return [joined(_values(row, behind, depth), between=" | ") for row in rows]
    shown_keys = _KEYS.get(kind, _SHOWN)
    return [line for key in shown_keys for line in _values(block.get(key), behind, depth)]


def text_parts(value: Any) -> tuple[Part, ...]:
    """The words and links of a text in Slack's mrkdwn; none of Slack's stand-in sentences."""
    text = string(value)
    return () if _STAND_IN.fullmatch(compared(text)) else parts(text)


def joined(lines: Iterable[tuple[Part, ...]], *, between: str = "\n") -> tuple[Part, ...]:
    """The lines that show something, as one."""
    whole: list[Part] = []
    for line in lines:
        if any(str(part).strip() for part in line):
            ended = not whole or str(whole[-1]).endswith("\n")
            whole += line if ended else [between, *line]
    return tuple(whole)


def string(value: Any) -> str:
    """A text or a number of a payload as text; half a surrogate pair in it becomes `?`."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).encode("utf-8", "replace").decode()


def addresses(holder: Mapping[str, Any], *keys: str) -> list[str]:
    return [address for key in keys if (address := string(holder.get(key)))]


def mappings(values: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; none where there is no list."""
    return (
        [value for value in values if isinstance(value, Mapping)]
        if isinstance(values, list)
        else []
    )


def _written(kind: str, text: str) -> tuple[Part, ...]:
    match kind:
        case "plain_text" | "raw_text" | "raw_number":
            return (unescape(text),)
        case "markdown":
            return parts(_MARKDOWN_LINK.sub(r"<\2|\1>", text))
        case _:
            return parts(text)


def _values(value: Any, behind: list[str], depth: int) -> list[tuple[Part, ...]]:
    """The lines of a text, of an object, or of a list of objects."""
    if isinstance(value, str):
        return [text_parts(value)]
    inner = [value] if isinstance(value, Mapping) else mappings(value)
    return [read(block, behind, depth + 1) for block in inner]


def _rich_text(element: Mapping[str, Any], depth: int) -> tuple[Part, ...]:
    """A rich text block, or a section, list, quote or preformatted text of one."""
    if depth > DEPTH:
        return ()
    lines: list[tuple[Part, ...]] = [()]
    for number, inner in enumerate(mappings(element.get("elements")), start=1):
        kind = str(inner.get("type"))
        if kind.startswith("rich_text"):
            line = _rich_text(inner, depth + 1)
            lines += [(*_mark(element, number), *line) if line else (), ()]
        else:
            lines[-1] = (*lines[-1], *_inline(kind, inner))
    return joined(lines)


def _mark(element: Mapping[str, Any], number: int) -> tuple[str, ...]:
    """What stands before a line of a list."""
    if element.get("type") != "rich_text_list":
        return ()
    if element.get("style") != "ordered":
        return ("• ",)
    before = element.get("offset")
    return (f"{number + (before if isinstance(before, int) else 0)}. ",)


def _inline(kind: str, element: Mapping[str, Any]) -> tuple[Part, ...]:
    """A part of a line. People and channels are named by their ids: a message has no names."""
    match kind:
        case "link":
            return (Link(string(element.get("url")), string(element.get("text"))),)
        case "user" | "usergroup" | "broadcast":
            name = element.get("user_id") or element.get("usergroup_id") or element.get("range")
            text = "@" + string(name)
        case "channel":
            text = "#" + string(element.get("channel_id"))
        case "emoji":
            text = f":{string(element.get('name'))}:"
        case _:
            key = {"color": "value", "date": "fallback"}.get(kind, "text")
            text = string(element.get(key))
    return (text,)
