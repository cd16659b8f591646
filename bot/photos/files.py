"""Files in Slack: the facts of a file, and its bytes.

Slack answers a private address with a page for signing in and status 200, or with a redirect, when
it does not let the bot read the file. So nothing is followed, and no page is taken for a photo.
Source: https://docs.slack.dev/messaging/working-with-files and
https://docs.slack.dev/reference/objects/file-object
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import IO, Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from blocks.photos import SIZE_LIMIT
from bot import network
from bot.photos.errors import PhotoDelayedError, PhotoRefusedError
from bot.slack import web_api

log = logging.getLogger(__name__)

SLACKS_HOST = "files.slack.com"
WHOLE = 120.0
"""Seconds for one download."""
PIECE = 256 * 1024
"""Bytes that are written at once."""
TIMEOUT = httpx.Timeout(connect=5, write=10, read=30, pool=5)


@dataclass(frozen=True)
class SlackFile:
    """A file that the bot may read."""

    id: str
    name: str
    mimetype: str
    size: int
    """Bytes."""
    url: str
    """The private address of its bytes."""


_GONE = frozenset({"file_not_found", "file_deleted"})
_HIDDEN = frozenset({"access_denied", "not_visible", "no_permission", "channel_not_found"})


class SlackFiles:
    def __init__(self, client: AsyncWebClient, token: SecretStr, api_url: str) -> None:
        """:param token: the bot's
        :param api_url: of Slack's Web API. A stand-in serves its files from the same host.
        """
        self._client, self._token = client, token
        api = urlsplit(api_url)
        is_slack = api.hostname == "slack.com"
        self._scheme = "https" if is_slack else api.scheme
        self._places = {(SLACKS_HOST, None)} if is_slack else {(api.hostname, api.port)}

    async def info(self, file: str) -> SlackFile:
        """`files.info`.

        :raises PhotoRefusedError, PhotoDelayedError: when the bot cannot read the file
        """
        try:
            answer = await web_api.call(self._client.files_info(file=file))
        except web_api.SlackBusyError as error:
            raise PhotoDelayedError("slack", error.seconds) from error
        except web_api.SlackNoAnswerError as error:
            raise PhotoDelayedError("slack") from error
        except web_api.SlackRefusedError as error:
            if error.code in _GONE:
                raise PhotoRefusedError("gone") from error
            if error.code in _HIDDEN:
                raise PhotoRefusedError("hidden") from error
            log.warning("Slack does not let the bot read a photo", extra={"why": error})
            raise PhotoDelayedError("scope") from error
        raw = answer.get("file")
        return self._checked(file, raw if isinstance(raw, Mapping) else {})

    def _checked(self, file: str, raw: Mapping[str, Any]) -> SlackFile:
        """:raises PhotoRefusedError, PhotoDelayedError: when these are no bytes to be had"""
        mode, access = raw.get("mode"), raw.get("file_access", "visible")
        if mode == "tombstone" or access == "file_not_found":
            raise PhotoRefusedError("gone")
        if mode in {"hidden_by_limit", "file_access"} or access != "visible":
            raise PhotoRefusedError("hidden")
        if raw.get("is_external") or mode == "external":
            raise PhotoRefusedError("external")
        url = raw.get("url_private_download") or raw.get("url_private")
        size = raw.get("size")
        if not isinstance(url, str) or not isinstance(size, int):
            raise PhotoDelayedError("slack")
        if not self._is_slacks(url):
            raise PhotoRefusedError("external")
        if size > SIZE_LIMIT:
            raise PhotoRefusedError("too_large")
        name, mimetype = (
            value if isinstance(value := raw.get(key), str) else "" for key in ("name", "mimetype")
        )
        return SlackFile(file, name, mimetype, size, url)

    def _is_slacks(self, url: str) -> bool:
        """Whether our token may go there."""
        try:
            parts = urlsplit(url)
            place = (parts.hostname, parts.port)
        except ValueError:
            return False
        return parts.scheme == self._scheme and place in self._places and parts.username is None

    async def download(self, file: SlackFile, out: IO[bytes]) -> None:
        """Write the bytes of a file.

        :raises PhotoRefusedError, PhotoDelayedError: when they do not come, or are not the file's
        """
        headers = {
            "Authorization": f"Bearer {self._token.get_secret_value()}",
            "Accept-Encoding": "identity",
        }
        try:
            async with (
                asyncio.timeout(WHOLE),
                _client(file.url) as client,
                client.stream("GET", file.url, headers=headers) as response,
            ):
                _check_answer(response)
                written = await _write(response, out, file.size)
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            log.warning("a photo could not be downloaded", extra={"why": type(error).__name__})
            raise PhotoDelayedError("slack") from error
        if written == 0:
            raise PhotoRefusedError("empty")
        if written < file.size:
            raise PhotoDelayedError("slack")


def _client(url: str) -> httpx.AsyncClient:
    """A client that follows no redirect: our token must not go to another host."""
    return httpx.AsyncClient(
        timeout=TIMEOUT,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
        proxy=network.proxy_for(url),
        verify=network.tls(),
    )


def _check_answer(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if response.status_code in {404, 410}:
        raise PhotoRefusedError("gone")
    if response.status_code == 429 or response.status_code >= 500:
        raise PhotoDelayedError("slack")
    # Slack's page for signing in, or a way to it: the bot may not read the file.
    if response.status_code != 200 or kind == "text/html":
        log.warning(
            "Slack does not let the bot download a photo", extra={"status": response.status_code}
        )
        raise PhotoDelayedError("no_access")
    if encoding not in {"", "identity"}:
        raise PhotoDelayedError("slack")


async def _write(response: httpx.Response, out: IO[bytes], size: int) -> int:
    """:param size: bytes that Slack announced. A longer file is cut off and refused.
    :returns: how many bytes were written
    """
    written = 0
    async for piece in response.aiter_bytes(PIECE):
        written += len(piece)
        if written > min(size, SIZE_LIMIT):
            raise PhotoRefusedError("other_size")
        await asyncio.to_thread(out.write, piece)
    return written
