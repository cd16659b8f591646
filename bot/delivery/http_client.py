"""One HTTP exchange with an API, told by what the caller does next.

    Created    the API took it and said so
    Answer     the API said something else
    NotSent    nothing reached the API: it can be tried again
    Cut        it may have arrived: it must not be tried again by itself
    Unsendable found out before anything was sent: a person must change the report

Here, and only here, httpx's errors become ours.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from storage.api_calls import Call

TIMEOUT = httpx.Timeout(connect=5, write=10, read=35, pool=5)
"""Seconds. KARE's gateway cuts at 29 s: a later answer is none."""
WHOLE = 45.0
"""Seconds for a send however slowly its bytes drip; less than its lease."""
LIMIT = 1_000_000
"""Bytes of an answer that are read; the rest says nothing that we need."""


@dataclass(frozen=True)
class Created:
    remote_id: str
    answer: Mapping[str, Any]
    about: Sequence[str] = ()
    """What it turned out to be about, where that was looked up."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    """The JSON, or None when it was none."""
    text: str = ""
    """The body, when it was short plain text."""
    authorized: bool = True
    """Whether our token is good, as far as is known."""


@dataclass(frozen=True)
class NotSent:
    error: str


@dataclass(frozen=True)
class Cut:
    error: str


@dataclass(frozen=True)
class Unsendable:
    cause: Mapping[str, Any]
    """A `why` and its facts."""


Outcome = Created | Answer | NotSent | Cut | Unsendable

_NOTHING_SENT = (
    httpx.ConnectError,  # refused, DNS, TLS
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def client_for(url: str, *, connections: int) -> httpx.AsyncClient:
    """A pooled client that follows no redirect and takes nothing from the environment."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncClient(
        base_url=url, timeout=TIMEOUT, limits=limits, trust_env=False, verify=_tls()
    )


@cache  # reading the certificates takes longer than all else of a client
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@dataclass
class Exchange:
    """An API's pooled client, its name, and what was called with it.

    :param calls: every call is added here, for the database; never a header, token or body
    """

    api: str
    client: httpx.AsyncClient
    calls: list[Call] = field(default_factory=list)
    whole: float = WHOLE
    """Seconds for one exchange, however slowly its bytes drip."""

    async def __call__(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: Any = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer | NotSent | Cut:
        """Send, and read the answer. Never raises for what the other side does.

        :param path: behind the API's address, beginning with a slash
        """
        at, began = time.time(), time.perf_counter()
        outcome = await self._try(method, path, headers, body, query)
        self.calls.append(
            Call(
                at=at,
                api=self.api,
                method=method,
                path=path,
                status=outcome.status if isinstance(outcome, Answer) else None,
                milliseconds=(time.perf_counter() - began) * 1000,
                error=None if isinstance(outcome, Answer) else outcome.error,
            )
        )
        return outcome

    async def _try(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Any,
        query: Mapping[str, str] | None,
    ) -> Answer | NotSent | Cut:
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers = {**headers, "Content-Type": "application/json"}
        try:
            async with (
                asyncio.timeout(self.whole),
                self.client.stream(
                    method, path, headers=headers, content=content, params=query
                ) as response,
            ):
                return _answer(response, await _read(response))
        except (httpx.LocalProtocolError, UnicodeEncodeError) as error:
            # Said without its words: they repeat the header, and with it the token.
            return NotSent(f"{type(error).__name__}: a header cannot be sent: is a token whole?")
        except _NOTHING_SENT as error:
            return NotSent(_said(error))
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            return Cut(_said(error))


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LIMIT:
            break
    return bytes(body[:LIMIT])


def _answer(response: httpx.Response, content: bytes) -> Answer:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):  # JSON's own error, text that is not UTF-8, depth
        body = None
    text = content.decode("utf-8", "replace").strip() if kind == "text/plain" else ""
    return Answer(response.status_code, response.headers, body, text[:1000])


def _said(error: Exception) -> str:
    """The error's kind and words: no header, token or body is in these errors'."""
    return f"{type(error).__name__}: {error}".strip(": ")
