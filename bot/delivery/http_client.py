"""One HTTP exchange with an API. Its outcomes are named by what the caller does next.

    Created    the API took the report and said so
    Answer     the API said something else
    NotSent    nothing reached the API: it can be tried again
    Cut        it may have arrived: it must not be tried again by itself
    Unsendable nothing was sent, because a person must change the report first

Here, and only here, httpx's errors become ours, and an answer is cleaned of our secrets.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from bot import network
from bot.metrics import API_CALLS
from bot.scrubber import Scrubber
from storage.api_calls import Call

log = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(connect=5, write=10, read=35, pool=5)
"""Seconds. KARE's gateway ends a request after 29 s: no answer comes later."""
WHOLE = 45.0
"""Seconds for a whole exchange, however slowly the answer's bytes come."""
TEXT = 4000
"""Bytes of a body in plain text that are looked at."""
LIMIT = 1_000_000
"""Bytes of an answer that are read. The rest holds nothing that we need."""


@dataclass(frozen=True)
class Created:
    remote_id: str
    answer: Mapping[str, Any]
    about: Sequence[str] = ()
    """The targets that the report turned out to be about, where they were looked up."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    """The parsed JSON, or None when the body was no JSON."""
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
    """A pooled client that follows no redirect and keeps no cookie.

    Of the environment it takes the proxy and the certificates (`bot.network`).

    :raises NetworkSettingsError: when these cannot be used
    """
    return httpx.AsyncClient(
        base_url=url,
        timeout=TIMEOUT,
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        trust_env=False,  # a .netrc would replace our tokens
        proxy=network.proxy_for(url),
        verify=network.tls(),
    )


@dataclass
class Exchange:
    """An API's pooled client, its name, and the calls that were made with it.

    :param calls: every call is added here, for the database; never a header, token or body
    :param whole: seconds for one exchange, however slowly the answer's bytes come
    :param scrubber: takes our secrets out of answers and errors
    """

    api: str
    client: httpx.AsyncClient
    calls: list[Call] = field(default_factory=list)
    whole: float = WHOLE
    scrubber: Scrubber = field(default_factory=Scrubber)

    async def __call__(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: Any = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer | NotSent | Cut:
        """Send, and read the answer. Whatever the other side does, nothing is raised.

        :param path: what follows the API's address, beginning with a slash
        """
        at, began = time.time(), time.perf_counter()
        outcome = await self._try(method, path, headers, body, query)
        seconds = time.perf_counter() - began
        self.calls.append(
            Call(
                at=at,
                api=self.api,
                method=method,
                path=path,
                status=outcome.status if isinstance(outcome, Answer) else None,
                milliseconds=seconds * 1000,
                error=None if isinstance(outcome, Answer) else outcome.error,
            )
        )
        API_CALLS.labels(self.api, _status(outcome)).observe(seconds)
        return outcome

    async def _try(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Any,
        query: Mapping[str, str] | None,
    ) -> Answer | NotSent | Cut:
        # Encoded answers can be a thousand times as long as what comes over the wire.
        headers = {**headers, "Accept-Encoding": "identity"}
        content = None
        try:
            if body is not None:
                content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
                headers["Content-Type"] = "application/json"
            async with (
                asyncio.timeout(self.whole),
                self.client.stream(
                    method, path, headers=headers, content=content, params=query
                ) as response,
            ):
                return self._answer(response, await _read(response))
        except (httpx.LocalProtocolError, UnicodeEncodeError) as error:
            # Without the error's words: they repeat the header, and with it the token.
            return NotSent(f"{type(error).__name__}: a header cannot be sent: is a token whole?")
        except _NOTHING_SENT as error:
            return NotSent(self.scrubber.text(network.reason(error)))
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            return Cut(self.scrubber.text(network.reason(error)))
        except Exception as error:  # whatever it was, the report is not sent again by itself
            log.exception("a request failed for an unexpected reason", extra={"api": self.api})
            return Cut(type(error).__name__)

    def _answer(self, response: httpx.Response, content: bytes) -> Answer:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            body = self.scrubber.value(json.loads(content))
        except (ValueError, RecursionError):  # no JSON, no UTF-8, or too deep
            body = None
        text = content[:TEXT].decode("utf-8", "replace").strip() if kind == "text/plain" else ""
        return Answer(response.status_code, response.headers, body, self.scrubber.text(text)[:1000])


def _status(outcome: Answer | NotSent | Cut) -> str:
    """For the metrics: the HTTP status, or why there is none."""
    if isinstance(outcome, Answer):
        return str(outcome.status)
    return "cut" if isinstance(outcome, Cut) else "not_sent"


async def _read(response: httpx.Response) -> bytes:
    """The body, as far as it is read. An encoded one is not: nobody asked for it."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity"}:
        return b""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LIMIT:
            break
    return bytes(body[:LIMIT])
