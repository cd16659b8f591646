"""Pydantic's errors as sentences for an operator. No sentence contains the value that is wrong."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

SENTENCES = {  # only names of languages have a pattern
    "extra_forbidden": "there is no such key",
    "missing": "it is missing",
    "string_unicode": "it must be a text in UTF-8",
    "literal_error": "it must be {expected}",
    "string_too_short": "it must have at least {min_length} characters",
    "string_too_long": "it must have at most {max_length} characters",
    "too_short": "it must have at least {min_length} characters",
    "too_long": "it must have at most {max_length} characters",
    "greater_than": "it must be more than {gt:g}",
    "greater_than_equal": "it must be at least {ge:g}",
    "less_than": "it must be less than {lt:g}",
    "less_than_equal": "it must be at most {le:g}",
    "finite_number": "it must be a finite number",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "string_pattern_mismatch": "there is no such language; use en or fr",
    "string_type": "it must be a text",
    "frozen_set_type": "it must be a list",
    "dict_type": "it must be a table",
    "mapping_type": "it must be a table",
    "model_type": "it must be a table",
    "model_attributes_type": "it must be a table",
    "text_or_table": "it must be a text or a table",
}
WRONG_TYPES = {"string_type", "dict_type", "mapping_type"}
"""For a key that takes a text or a table, pydantic reports an error for each of the two."""
_TYPE_NAMES = re.compile(r"constrained-str|(dict|mapping)\[.*\]|\[key\]")
_Error = Mapping[str, Any]


def by_key(error: ValidationError) -> list[tuple[str, _Error]]:
    """One error for each key, with the key as an operator writes it, such as `risk.3.label`."""
    errors_by_key: dict[str, _Error] = {}
    for fault in error.errors(include_input=False, include_url=False):
        key = _key(fault["loc"])
        first = errors_by_key.get(key)
        if first is None or (first["type"] in WRONG_TYPES and fault["type"] not in WRONG_TYPES):
            errors_by_key[key] = fault
        elif first["type"] in WRONG_TYPES:
            errors_by_key[key] = {"type": "text_or_table"}
    return [
        (key, fault)
        for key, fault in errors_by_key.items()
        if not (
            fault["type"] in WRONG_TYPES and any(_below(key, shorter) for shorter in errors_by_key)
        )
    ]


def sentence(error: _Error) -> str:
    template = SENTENCES.get(error["type"])
    if template is not None:
        return template.format(**error.get("ctx", {}))
    return str(error["msg"]).removeprefix("Value error, ")


def _key(where: Iterable[int | str]) -> str:
    """Without the names that pydantic gives to the possible types of a key."""
    return ".".join(part for part in map(str, where) if not _TYPE_NAMES.fullmatch(part))


def _below(key: str, shorter: str) -> bool:
    return shorter.startswith(f"{key}.")
