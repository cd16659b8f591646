"""The JSON of Slack's payloads. It holds whole characters only.

Half a surrogate pair becomes `?`: no database takes it, and neither does Slack. A client that cuts
a text within an emoji can send one. The character 0 becomes `?` too: PostgreSQL does not take it.
"""

import json
import re
from typing import Any

_NOT_TAKEN = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
_NUL = re.compile(rb"(\\\\)|\\u0000")
"""Also a pair of backslashes, behind which the same letters are no escape."""


def read(text: str) -> Any:
    """:raises ValueError: when it is no JSON
    :raises RecursionError: when it is nested too deeply
    """
    value = json.loads(text)
    return json.loads(_whole(value)) if _NOT_TAKEN.search(text) else value


def with_whole_characters(text: str) -> str:
    """The same JSON without halves of surrogate pairs.

    :raises ValueError, RecursionError: as `read`
    """
    return _whole(json.loads(text)).decode() if _NOT_TAKEN.search(text) else text


def _whole(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return _NUL.sub(lambda found: found[1] or b"?", text)
