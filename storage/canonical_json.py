"""JSON in the file: one text for one value, because the hash chain needs that; and safe reading."""

import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def to_json(value: Any) -> str:
    # json.dumps would make an encoder for each call.
    return _ENCODER.encode(value)


def read_json(text: Any) -> Any:
    """The value in a column; None when the column was damaged. It never raises."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None


def read_object(text: Any) -> dict[str, Any] | None:
    """The JSON object in a column; None when the column was damaged. It never raises."""
    if text == "{}":  # many columns are empty, and no parser is as fast
        return {}
    value = read_json(text)
    return value if isinstance(value, dict) else None
