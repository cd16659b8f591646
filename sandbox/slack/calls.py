"""A call of the Web API: its arguments as Slack reads them, and a record of the call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.slack.errors import SlackError

Json = dict[str, Any]
JSON_ARGUMENTS = frozenset({"view", "blocks", "attachments", "metadata", "unfurls"})
UNREADABLE = {"blocks": "invalid_blocks_format", "unfurls": "invalid_unfurls_format"}
"""The errors for arguments that are not JSON."""
TRUE, FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


@dataclass(frozen=True)
class Call:
    """A call as it was served. `args` never holds the token; `at` is in UNIX seconds.

    A call whose connection was cut has the `answer` that the bot did not get. `retry` is the retry
    number that the client sent, if any. `fault` is the kind of fault that the call met.
    """

    method: str
    args: Json
    answer: Json
    status: int
    at: float
    retry: str | None = None
    fault: str | None = None


async def read_call(request: web.Request) -> tuple[Json, str]:
    """The arguments and the token of a call, which may be a form, a query or JSON.

    :raises SlackError: when it is malformed
    """
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= _json_body(await request.text())
    elif request.method == "POST":
        args |= {name: value for name, value in (await request.post()).items() if value != ""}
    token = str(args.pop("token", "") or "")
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        token = header.removeprefix("Bearer ")
    return _decoded(args), token


def text_of(args: Mapping[str, Any], name: str) -> str:
    """A required argument.

    :raises SlackError: invalid_arguments, when it is missing or not a string
    """
    value = args.get(name)
    if value is None or value == "":
        raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
    if not isinstance(value, str):
        raise SlackError(
            "invalid_arguments", [f"[ERROR] must provide a string [json-pointer:/{name}]"]
        )
    return value


def _json_body(text: str) -> Json:
    try:
        body = json.loads(text or "{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _decoded(args: Json) -> Json:
    """The arguments, with JSON strings and the booleans of a form as the values they stand for."""
    return {name: _value(name, value) for name, value in args.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if name in JSON_ARGUMENTS and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError(UNREADABLE.get(name, "invalid_arguments")) from error
    if isinstance(value, str) and name.startswith(
        ("unfurl_links", "unfurl_media", "include_", "link_names", "reply_broadcast")
    ):
        if value in TRUE:
            return True
        if value in FALSE:
            return False
    return value
