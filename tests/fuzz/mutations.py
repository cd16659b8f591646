"""Payloads of Slack with some parts left out, of another type, or swapped, at any depth."""

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import strategies as st

from tests.fuzz import answers as odd

Json = dict[str, Any]
Path = tuple[str | int, ...]
METADATA = "private_metadata"
"""JSON in a text: it is mutated as JSON, too."""


@dataclass(frozen=True)
class Mutation:
    how: Literal["drop", "set", "swap", "repeat", "wrap"]
    at: int
    """Which of the payload's parts; it counts round and round."""
    other: int = 0
    """The part to swap it with."""
    value: Any = None


ATOMS: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 5, 2**53, 2**63, 10**400, 1e308, float("nan"), float("inf"), "", "x",
     [], {}, [None], [[]], [{}], {"x": None}, "null", "{}", "\ud83d", "\x00", "²", "1e9", "9" * 400,
     "x" * 3001, "D1", "C0", "U0", "<!here>", {"type": "plain_text", "text": "x"}]
) | odd.VALUES  # fmt: skip
MUTATIONS = st.lists(
    st.builds(
        Mutation,
        st.sampled_from(["drop", "set", "set", "set", "swap", "repeat", "wrap"]),
        st.integers(min_value=0, max_value=9999),
        st.integers(min_value=0, max_value=9999),
        ATOMS,
    ),
    min_size=1,
    max_size=4,
)


def mutated(payload: Json, mutations: Sequence[Mutation]) -> Json:
    """The payload with these changes, made one after the other."""
    changed = copy.deepcopy(payload)
    if (view := changed.get("view")) and view.get(METADATA):
        view[METADATA] = json.loads(view[METADATA])
    for mutation in mutations:
        _mutate(changed, mutation)
    view = changed.get("view")
    if isinstance(view, dict) and isinstance(view.get(METADATA), dict | list):
        view[METADATA] = json.dumps(view[METADATA])
    return changed


def _mutate(payload: Json, mutation: Mutation) -> None:
    paths = list(_paths(payload))
    if not paths:
        return
    path = paths[mutation.at % len(paths)]
    parent, key = _at(payload, path[:-1]), path[-1]
    match mutation.how:
        case "drop":
            del parent[key]
        case "set":
            parent[key] = copy.deepcopy(mutation.value)
        case "swap":
            other = paths[mutation.other % len(paths)]
            parent[key] = copy.deepcopy(_at(payload, other))
        case "repeat":
            parent[key] = [copy.deepcopy(parent[key]) for _ in range(3)]
        case "wrap":
            parent[key] = {"value": parent[key], "text": parent[key]}


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _paths(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _paths(part, (*path, index))


def _at(payload: Any, path: Path) -> Any:
    for key in path:
        payload = payload[key]
    return payload
