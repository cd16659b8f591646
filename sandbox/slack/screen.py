"""Renders a modal, a message or a thread as plain text, the way one person reads it.

Escapes, links, mentions and dates are resolved; `*bold*` and `_italic_` keep their marks. An
unknown type of block is an error, so that a test cannot overlook it.
"""

from collections.abc import Callable
from typing import Any

from sandbox.slack.form import STATE_KEYS, Field, Key, fields_of
from sandbox.slack.model import Ephemeral, Message
from sandbox.slack.reader import Reader
from sandbox.slack.views import OpenView

Json = dict[str, Any]
Values = dict[Key, Json]  # the values in the form, by field


def render_view(view: OpenView, reader: Reader) -> str:
    body = view.body
    lines = [f"== {body['title']['text']} =="]
    for block in body["blocks"]:
        lines += _block(block, reader, view.form.values)
        if block["block_id"] in view.errors:
            lines.append(f"  ! {view.errors[block['block_id']]}")
    feet = [body[name]["text"] for name in ("close", "submit") if body.get(name)]
    return "\n".join([*lines, " ".join(f"[{foot}]" for foot in feet)]).rstrip("\n")


def render_message(message: Message | Ephemeral, reader: Reader) -> str:
    """Slack shows the blocks; the text beside them is only for notifications. Below them are the
    files, and the links that the app unfurled.
    """
    own = reader.mrkdwn(message.text)
    if message.blocks:
        own = render_blocks(list(message.blocks), reader)
    files = [f"(file: {file.name})" for file in reader.files_of(message)]
    attachments = message.attachments if isinstance(message, Message) else ()
    unfurls = [
        attachment["blocks"] for attachment in attachments if attachment.get("is_app_unfurl")
    ]
    return "\n".join([own, *files, *(render_blocks(blocks, reader) for blocks in unfurls)])


def render_thread(messages: list[Message], reader: Reader) -> str:
    return "\n".join(
        f"{reader.name_of(message.user)}: {render_message(message, reader)}" for message in messages
    )


def render_blocks(blocks: list[Json], reader: Reader) -> str:
    return "\n".join(line for block in blocks for line in _block(block, reader, {}))


def _block(block: Json, reader: Reader, values: Values) -> list[str]:
    elements = [_element(field, reader, values) for field in fields_of([block])]
    if block["type"] not in BLOCKS:
        raise ValueError(f"unknown block type {block['type']!r}")
    return BLOCKS[block["type"]](block, elements, reader)


def _section(block: Json, elements: list[str], reader: Reader) -> list[str]:
    texts = [block["text"]] if block.get("text") else []
    texts += block.get("fields") or []
    side = block.get("accessory") or {}
    images = _image(side, [], reader) if side.get("type") == "image" else []
    return [*(reader.text(text) for text in texts), *images, *elements]


def _alert(block: Json, _elements: list[str], reader: Reader) -> list[str]:
    return [f"({block.get('level', 'default')}) {reader.text(block['text'])}"]


def _context(block: Json, _elements: list[str], reader: Reader) -> list[str]:
    return [" ".join(_context_part(element, reader) for element in block["elements"])]


def _image(block: Json, _elements: list[str], _reader: Reader) -> list[str]:
    return [f"({block['type']}: {block['alt_text']})"]


def _card(block: Json, elements: list[str], reader: Reader) -> list[str]:
    names = ("title", "subtitle", "body", "subtext")
    return [*(reader.text(block[name]) for name in names if block.get(name)), *elements]


def _input(block: Json, elements: list[str], reader: Reader) -> list[str]:
    label = reader.text(block["label"])
    optional = " (optional)" if block.get("optional") else ""
    hint = [f"  {reader.text(block['hint'])}"] if block.get("hint") else []
    return [f"{label}{optional}: {' '.join(elements)}", *hint]


BLOCKS: dict[str, Callable[[Json, list[str], Reader], list[str]]] = {
    "actions": lambda _block, elements, _reader: [" ".join(elements)],
    "alert": _alert,
    "card": _card,
    "context": _context,
    "divider": lambda _block, _elements, _reader: ["---"],
    "header": lambda block, _elements, reader: [f"# {reader.text(block['text'])}"],
    "image": _image,
    "input": _input,
    "markdown": lambda block, _elements, _reader: [str(block["text"])],
    "rich_text": lambda block, _elements, reader: [reader.rich(block)],
    "section": _section,
    "video": _image,
}


def _context_part(element: Json, reader: Reader) -> str:
    if element["type"] == "image":
        return f"(image: {element['alt_text']})"
    return reader.text(element)


def _element(field: Field, reader: Reader, values: Values) -> str:
    element = field.element
    if field.type == "button":
        return f"[{element['text']['text']}]"
    if field.type == "overflow":
        return "[...]"
    state = values[field.key] if field.key in values else field.initial()
    value = state[STATE_KEYS[field.type][0]]
    if field.type in {"radio_buttons", "checkboxes"}:
        return _marked_options(element, value)
    if value in (None, []):
        hint = element.get("placeholder")
        return f"<{hint['text']}>" if hint else "____"
    return reader.field_value(field.type, value)


def _marked_options(element: Json, value: Any) -> str:
    choices = value if isinstance(value, list) else [value]
    chosen = {choice["value"] for choice in choices if choice}
    round_, square = ("(o)", "( )"), ("[x]", "[ ]")
    on, off = round_ if element["type"] == "radio_buttons" else square
    parts = []
    for option in element["options"]:
        mark = on if option["value"] in chosen else off
        parts.append(f"{mark} {option['text']['text']}")
    return " ".join(parts)
