"""HTTP mode: what is checked before Bolt sees a request, and the two pages for the operator.

Guarded here, because Bolt would answer 500, or not look: the body's size, its encoding, the
signature and its age, and the shape of what is inside.
"""

import json
import logging
from binascii import a2b_qp
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.slack.payloads import MalformedPayloadError, check_envelope

log = logging.getLogger(__name__)

LIMIT = 1_000_000
"""Bytes of a request's body."""
LONGEST_TIMESTAMP = 12
"""Digits. Python refuses to read, or to compare with the time, a number of thousands of them."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class RejectedRequestError(Exception):
    """A request that is not answered by the app. The reason is for who sent it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class HttpApp:
    """An ASGI app: `POST /slack/events`, `GET /healthz`, `GET /readyz`.

    :param ready: what is not ready yet, in words; empty when all is
    """

    def __init__(self, app: AsyncApp, secret: str, ready: Callable[[], list[str]]) -> None:
        self._app, self._ready = app, ready
        self._verifier = SignatureVerifier(secret)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        match scope["method"], scope["path"]:
            case "POST", "/slack/events":
                await self._event(scope, receive, send)
            case "GET" | "HEAD", "/healthz":
                await _answer(send, 200, "ok")
            case "GET" | "HEAD", "/readyz":
                missing = self._ready()
                await _answer(send, 503 if missing else 200, "; ".join(missing) or "ready")
            case _, "/slack/events" | "/healthz" | "/readyz":
                await _answer(send, 405, "method not allowed")
            case _:
                await _answer(send, 404, "not found")

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            content = await _read(headers, receive)
            self._check(headers, content)
            body = _parse(headers, content)
        except RejectedRequestError as rejected:
            log.info("rejected a request with %d: %s", rejected.status, rejected)
            await _answer(send, rejected.status, str(rejected))
            return
        if "ssl_check" in body:  # Slack only looks at our certificate
            await _answer(send, 200, "")
            return
        # What was checked and parsed here needs no second look: to Bolt it is as from a socket.
        try:
            check_envelope(body)
            request = AsyncBoltRequest(body=body, headers=_kept(headers), mode="socket_mode")
            response = await self._app.async_dispatch(request)
        except _NOT_SLACKS as error:
            log.info("rejected a body that is not of Slack's shape: %r", error)
            await _answer(send, 400, "the body is nothing that Slack sends")
            return
        kind = response.first_headers().get("content-type", "text/plain;charset=utf-8")
        await _answer(send, response.status, response.body or "", kind)

    def _check(self, headers: dict[str, str], content: bytes) -> None:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        seconds = (
            timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP
        )
        if not (seconds and signature.isascii()):
            raise RejectedRequestError(401, "this request is not signed by Slack")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise RejectedRequestError(400, "the body is not UTF-8") from error
        if not self._verifier.is_valid(text, timestamp, signature):
            raise RejectedRequestError(401, "the signature is wrong or too old")


async def _read(headers: dict[str, str], receive: Receive) -> bytes:
    announced = headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > LIMIT:
        raise RejectedRequestError(413, "the body is too large")
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RejectedRequestError(400, "the body is not complete")
        body += message.get("body", b"")
        if len(body) > LIMIT:
            raise RejectedRequestError(413, "the body is too large")
        more = message.get("more_body", False)
    return bytes(body)


def _parse(headers: dict[str, str], content: bytes) -> dict[str, Any]:
    """An event's JSON, an interaction's `payload`, or a command's form."""
    try:
        if headers.get("content-type", "").startswith("application/json"):
            body = json.loads(content)
        elif content.startswith(_PAYLOAD) and (payload := unquoted(content[len(_PAYLOAD) :])):
            body = json.loads(payload.decode("utf-8", "replace"))
        else:
            form = dict(parse_qsl(content.decode("utf-8"), keep_blank_values=True))
            # A command has a text that may say anything, "payload" too: only the field counts.
            body = json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError) as error:
        raise RejectedRequestError(400, "the body cannot be read") from error
    if not isinstance(body, dict) or not _is_slacks(body):
        raise RejectedRequestError(400, "the body is nothing that Slack sends")
    return body


def _is_slacks(body: dict[str, Any]) -> bool:
    """Whether Bolt can tell what it is: it looks at the first action before anything else."""
    actions = body.get("actions", [{}])
    first = actions[0] if isinstance(actions, list) and actions else None
    return bool({"type", "command", "ssl_check"} & body.keys()) and isinstance(first, dict)


_NOT_SLACKS = (
    AttributeError,
    IndexError,
    KeyError,
    MalformedPayloadError,
    TypeError,
    ValueError,
)
"""What Bolt raises for a body without Slack's shape, before it calls one of our listeners.

The errors of our listeners never come out of Bolt: they go to the handler of `app.error`.
"""
_PAYLOAD = b"payload="
_NOT_IN_A_VALUE = (b"&", b"=", b"\n", b"\r")


def unquoted(value: bytes) -> bytes | None:
    """What urllib's `unquote_plus` gives for a form's value, in a fortieth of its time:
    quoted-printable differs in its sign alone, and is read in C.

    :returns: None for what is not quoted as Slack does it
    """
    if any(sign in value for sign in _NOT_IN_A_VALUE):
        return None
    read = a2b_qp(value.replace(b"+", b" ").replace(b"%", b"="))
    # Three bytes became one; a percent sign that stands for nothing is shorter by less.
    return read if len(value) - len(read) == 2 * value.count(b"%") else None


def _kept(headers: dict[str, str]) -> dict[str, str | Sequence[str]]:
    """Of the headers only Slack's retry notes: Bolt's lazy-listener header must not come in."""
    return {name: value for name, value in headers.items() if name.startswith("x-slack-retry")}


async def _answer(
    send: Send, status: int, body: str, kind: str = "text/plain;charset=utf-8"
) -> None:
    content = body.encode()
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
