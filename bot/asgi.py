"""The types of ASGI, and an answer: what every app on `bot.asgi_server` needs."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
PLAIN = "text/plain;charset=utf-8"


async def answer(send: Send, status: int, body: str | bytes, kind: str = PLAIN) -> None:
    """:param kind: the content type"""
    content = body.encode() if isinstance(body, str) else body
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
