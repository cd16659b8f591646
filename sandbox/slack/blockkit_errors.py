"""The errors that the schemas find, in the words of Slack's server.

An error is a line of `response_metadata.messages`: a sentence and a JSON pointer. Where Slack does
not document the sentence, the sentence is ours.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "slack": lambda facts: str(facts["sentence"]),
    "missing": lambda facts: f"missing required field: {facts['name']}",
    "extra_forbidden": lambda facts: f"invalid additional property: {facts['name']}",
    "union_tag_invalid": lambda facts: f"unsupported type: {facts['tag']}",
    "union_tag_not_found": lambda _: "missing required field: type",
    "string_too_long": lambda facts: f"must be less than {facts['max_length'] + 1} characters",
    "string_too_short": lambda _: "must be more than 0 characters",
    "too_long": lambda facts: f"no more than {facts['max_length']} items allowed",
    "too_short": lambda facts: f"must provide at least {facts['min_length']} items",
    "literal_error": lambda _: "must be a valid enum value",
    "string_type": lambda _: "must provide a string",
    "model_type": lambda _: "must provide an object",
    "model_attributes_type": lambda _: "must provide an object",
    "list_type": lambda _: "must provide an array",
}
POINTS_AT_THE_OBJECT = {"missing", "extra_forbidden"}  # not at the key inside it


@dataclass(frozen=True)
class BlockError:
    """A sentence, and the JSON pointer to the value it is about."""

    sentence: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.sentence} [json-pointer:{self.pointer}]"


def schema_errors(schema: TypeAdapter[Any], value: Any, root: str) -> Iterator[BlockError]:
    """The errors of `value`, whose JSON pointer is `root`; none if the schema accepts it."""
    nulls = list(_nulls(value, root))
    if nulls:
        yield from nulls
        return
    try:
        schema.validate_python(value)
    except ValidationError as invalid:
        for detail in invalid.errors(include_url=False):
            yield _block_error(detail, value, root)


def _nulls(value: Any, pointer: str) -> Iterator[BlockError]:
    """Slack refuses null: a key without a value must be left out."""
    if value is None:
        yield BlockError("failed to match schema", pointer)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _nulls(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _nulls(inner, f"{pointer}/{index}")


def _block_error(detail: ErrorDetails, value: Any, root: str) -> BlockError:
    kind, where = detail["type"], list(detail["loc"])
    facts = {**detail.get("ctx", {}), "name": where[-1] if where else ""}
    if kind in POINTS_AT_THE_OBJECT:
        where = where[:-1]
    pointer = root + _pointer(where, value) + facts.get("at", "")
    if kind == "union_tag_invalid":
        pointer += "/type"
    sentence = SENTENCES[kind](facts) if kind in SENTENCES else "failed to match schema"
    return BlockError(sentence, pointer)


def _pointer(where: list[int | str], value: Any) -> str:
    """The JSON pointer of a pydantic location, without the names of the union's branches."""
    steps: list[str] = []
    entered = True
    for part in where:
        if entered and isinstance(value, dict) and part == value.get("type"):
            entered = False  # the branch taken, not a key
            continue
        steps.append(str(part))
        entered = True
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
    return "".join(f"/{step}" for step in steps)
