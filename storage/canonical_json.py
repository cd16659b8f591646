"""One way to write a value as JSON: the chain of hashes needs the same text for the same value."""

import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def to_json(value: Any) -> str:
    # json.dumps makes an encoder for each call that asks for anything.
    return _ENCODER.encode(value)
