"""The body of a request: read within limits, and parsed."""

import asyncio
from binascii import a2b_qp
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bot import payload_json
from bot.asgi import Receive

LIMIT = 1_000_000
"""Bytes of one body."""
LIMIT_OF_ALL = 16_000_000
"""Bytes of all bodies that are being read. Above it only small bodies are read on."""
SMALL = 65_536
"""Bytes. Slack's requests rarely have more."""
TIMEOUT = 5.0
"""Seconds for one body. Slack itself gives up after 3."""


class RejectedRequestError(Exception):
    """A request that Bolt never sees. The client gets the status and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class BodyReader:
    """Reads the bodies of all requests, so that together they stay within `LIMIT_OF_ALL`."""

    def __init__(self, *, timeout: float = TIMEOUT, limit_of_all: int = LIMIT_OF_ALL) -> None:
        self._timeout, self._limit_of_all = timeout, limit_of_all
        self._held = 0

    async def read(self, receive: Receive) -> bytes:
        """:raises RejectedRequestError: if the body is too large, too slow, or cut off"""
        body = bytearray()
        try:
            async with asyncio.timeout(self._timeout):
                while await self._read_piece(body, receive):
                    pass
        except TimeoutError as error:
            raise RejectedRequestError(408, "the body took too long") from error
        finally:
            self._held -= len(body)
        return bytes(body)

    async def _read_piece(self, body: bytearray, receive: Receive) -> bool:
        """Whether there is more."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RejectedRequestError(400, "the body is not complete")
        piece = message.get("body", b"")
        body += piece
        self._held += len(piece)
        if len(body) > LIMIT:
            raise RejectedRequestError(413, "the body is too large")
        if len(body) > SMALL and self._held > self._limit_of_all:
            raise RejectedRequestError(503, "too many large bodies at once")
        return bool(message.get("more_body", False))


def parse(headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    """An event's JSON, an interaction's `payload`, or a command's form. Its shape is not checked.

    :raises RejectedRequestError: if Slack does not send such a body
    """
    try:
        if headers.get("content-type", "").startswith("application/json"):
            body = payload_json.read(content.decode("utf-8"))
        elif content.startswith(_PAYLOAD) and (value := percent_decoded(content[len(_PAYLOAD) :])):
            body = payload_json.read(value.decode("utf-8", "replace"))
        else:
            form = dict(parse_qsl(content.decode("utf-8"), keep_blank_values=True))
            # The text of a command may contain "payload=": only a field of that name counts.
            body = payload_json.read(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError) as error:
        raise RejectedRequestError(400, "the body cannot be read") from error
    if not isinstance(body, dict):
        raise RejectedRequestError(400, "the body is not a request of Slack")
    return body


_PAYLOAD = b"payload="
_NOT_IN_A_VALUE = (b"&", b"=", b"\n", b"\r")


def percent_decoded(value: bytes) -> bytes | None:
    """One value of a form, decoded as `urllib.parse.unquote_plus` does.

    Quoted-printable differs from percent-encoding only in its escape character, and `binascii`
    decodes it in C. A submission of 5.8 KB takes 0.07 ms this way and 0.42 ms with `parse_qsl`,
    of about 0.6 ms for the whole request.

    :returns: None if the value is not encoded as Slack encodes it; use `parse_qsl` then
    """
    if any(sign in value for sign in _NOT_IN_A_VALUE):
        return None
    decoded = a2b_qp(value.replace(b"+", b" ").replace(b"%", b"="))
    # Each valid %XX shrinks by two bytes. Any other length means a malformed escape.
    return decoded if len(value) - len(decoded) == 2 * value.count(b"%") else None
