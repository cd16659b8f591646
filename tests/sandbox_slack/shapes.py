"""The shape of a payload: the type at each path of it. `shapes.json` holds those of real ones.

They were read off the request bodies in the test suites of Slack's own libraries (bolt-python and
python-slack-sdk of slackapi, MIT), those bodies only that are whole. `always` says that every one
of a kind has the path; what people and bots choose (blocks, the values typed) is left out.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Shape = dict[str, set[str]]
HERE = Path(__file__).with_name("shapes.json")
CHOSEN = ("blocks[]", "state.values", "actions[].", "message.blocks", "message.attachments")
"""Beginnings of what is inside something that people or bots chose."""


def type_of(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def shape(payload: dict[str, Any]) -> Shape:
    found: Shape = {}
    for path, value in _walk(payload, ""):
        found.setdefault(path, set()).add(type_of(value))
    return found


def observed() -> dict[str, dict[str, dict[str, Any]]]:
    """By kind and path: the `types` seen there, and whether it is `always` there."""
    read: dict[str, dict[str, dict[str, Any]]] = json.loads(HERE.read_text())
    return read


def gathered(payloads: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What several payloads of one kind have in common, and each of them has."""
    shapes = [shape(payload) for payload in payloads]
    paths = sorted({path for shape in shapes for path in shape})
    return {
        path: {
            "types": sorted({kind for shape in shapes for kind in shape.get(path, ())}),
            "always": all(path in shape for shape in shapes),
        }
        for path in paths
    }


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if path and any(path.removeprefix("view.").startswith(prefix) for prefix in CHOSEN):
        return
    if path:
        yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, f"{path}[]")
