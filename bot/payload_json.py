"""The JSON of Slack's payloads. It holds whole characters only.

Half a surrogate pair becomes `?`: neither SQLite nor Slack takes it. A client that cuts a text
within an emoji can send one.
"""

import json
import re
from typing import Any

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read(text: str) -> Any:
    """:raises ValueError: when it is no JSON
    :raises RecursionError: when it is nested too deeply
    """
    value = json.loads(text)
    return json.loads(_whole(value)) if _SURROGATE.search(text) else value


def with_whole_characters(text: str) -> str:
    """The same JSON without halves of surrogate pairs.

    :raises ValueError, RecursionError: as `read`
    """
    return _whole(json.loads(text)).decode() if _SURROGATE.search(text) else text


def _whole(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
