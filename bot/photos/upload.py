"""Puts the bytes of a file at the address that an API gave for them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO, Literal
from urllib.parse import urlsplit

import httpx

from bot import network

log = logging.getLogger(__name__)

PIECE = 256 * 1024
"""Bytes that are read at once."""
WHOLE = 180.0
"""Seconds for one try."""
PAUSES = (1.0, 5.0)
"""Seconds before the second try and the third. The same bytes at the same address are one file."""
TIMEOUT = httpx.Timeout(connect=5, write=30, read=60, pool=5)

Result = Literal["stored", "refused", "unclear"]


class Uploader:
    def __init__(self, api_url: str, sleep: Callable[[float], Awaitable[None]]) -> None:
        """:param api_url: of the API that gives the addresses. Only a stand-in without TLS may give
        addresses without TLS.
        """
        self._schemes = {"https", urlsplit(api_url).scheme}
        self._sleep = sleep

    async def put(self, url: str, mimetype: str, size: int, file: IO[bytes]) -> Result:
        """`PUT` the bytes, without any token of ours. A try that may have failed is repeated.

        :param size: bytes
        :returns: `refused` when the bytes are not there for certain
        """
        if not self._may_go_to(url):
            log.error("a photo is not uploaded: the address is none that begins with https://")
            return "refused"
        may_be_there = False
        for pause in (*PAUSES, None):
            result = await _put(url, mimetype, size, file)
            if result == "stored":
                return "stored"
            may_be_there = may_be_there or result == "unclear"
            if result == "refused" or pause is None:
                break
            await self._sleep(pause)
        return "unclear" if may_be_there else "refused"

    def _may_go_to(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.scheme in self._schemes and bool(parts.hostname)


async def _put(
    url: str, mimetype: str, size: int, file: IO[bytes]
) -> Literal["stored", "refused", "unclear", "not_sent"]:
    headers = {"Content-Type": mimetype, "Content-Length": str(size)}
    file.seek(0)
    try:
        async with (
            asyncio.timeout(WHOLE),
            httpx.AsyncClient(
                timeout=TIMEOUT,
                follow_redirects=False,
                trust_env=False,
                proxy=network.proxy_for(url),
                verify=network.tls(),
            ) as client,
            client.stream("PUT", url, headers=headers, content=_pieces(file)) as response,
        ):
            return _result(response.status_code)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
        return "not_sent"
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return "refused"
    except (httpx.TransportError, TimeoutError) as error:
        # Without the error's words: they may repeat the address.
        log.warning("the upload of a photo was cut", extra={"why": type(error).__name__})
        return "unclear"


def _result(status: int) -> Literal["stored", "refused", "unclear", "not_sent"]:
    if 200 <= status < 300:
        return "stored"
    log.warning("the upload of a photo was not accepted", extra={"status": status})
    if status in {429, 503}:
        return "not_sent"
    return "unclear" if status >= 500 else "refused"


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece
