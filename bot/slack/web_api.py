"""Slack's Web API. Its errors are named by what the caller does next.

    SlackRefusedError     Slack said no and did nothing: the same call gets the same answer
    SlackBusyError        Slack did nothing now: make the call again after that many seconds
    SlackNoAnswerError    it may have happened: a second call may post a message twice

Here, and only here, slack_sdk's and aiohttp's errors become ours.
"""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import network
from bot.metrics import SLACK_CALLS
from bot.scrubber import Scrubber, whole_characters
from bot.slack.call_arguments import without_workspaces

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
"""Seconds for one call."""
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 900.0
"""Seconds. Slack's `Retry-After` is taken within these."""
MESSAGE_GONE = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
"""Slack's errors for a message that is gone, or can no longer be changed."""
TOKEN_REFUSED = frozenset(
    ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"]
)
"""Slack's errors for a token that it does not accept."""


class SlackError(Exception):
    """A call of Slack's Web API failed."""

    result = "no_answer"
    """How the call ended, as the metrics name it."""


class SlackRefusedError(SlackError):
    result = "refused"

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        """Slack's error string."""


class SlackBusyError(SlackError):
    result = "busy"

    def __init__(self, seconds: float, reason: str, *, limited: bool = False) -> None:
        """:param limited: Slack limits us; otherwise it cannot be reached"""
        super().__init__(f"{reason}; try again in {seconds:g} s")
        self.seconds = seconds
        self.reason = reason
        self.limited = limited


class SlackNoAnswerError(SlackError):
    """The connection was cut, or no answer came that can be read."""

    def __init__(self, reason: str, *, answered: bool = False) -> None:
        """:param answered: Slack answered that it has trouble; it probably did nothing"""
        super().__init__(reason)
        self.answered = answered


_NOTHING_SENT = (
    aiohttp.ClientConnectorError,  # refused, DNS, TLS, and a proxy that cannot be reached
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
)
_NEVER_DONE = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
_SLACKS_TROUBLE = frozenset({"internal_error", "fatal_error", "request_timeout"})


class WebClient(AsyncWebClient):
    """Slack's client, which goes the operator's way out and raises our errors.

    It never tries again by itself: slack_sdk's own way posts a message twice when a connection is
    cut behind the request. Only the caller can say whether twice is harmless.
    """

    def __init__(
        self, token: str | None, url: str, session: aiohttp.ClientSession, scrubber: Scrubber
    ) -> None:
        log = _quiet_log()
        super().__init__(token=token, base_url=url, session=session, retry_handlers=[], logger=log)
        self._scrubber = scrubber
        # slack_sdk's own reading of the environment leaves NO_PROXY out.
        self.proxy = network.proxy_for(url)

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """:raises SlackRefusedError, SlackBusyError, SlackNoAnswerError: with the cause kept"""
        began, result = time.perf_counter(), "no_answer"
        try:
            answer = await self._call(api_method, arguments)
        except SlackError as error:
            result = error.result
            raise
        else:
            result = "ok"
            return answer
        finally:
            SLACK_CALLS.labels(api_method, result).observe(time.perf_counter() - began)

    async def _call(self, api_method: str, arguments: Mapping[str, Any]) -> AsyncSlackResponse:
        try:
            return await super().api_call(api_method, **without_workspaces(arguments))
        except SlackApiError as error:
            raise self._translated(error) from error
        except _NOTHING_SENT as error:
            raise SlackBusyError(SHORTEST_WAIT, self._words(network.reason(error))) from error
        except (
            TimeoutError,
            aiohttp.ClientError,
            SlackClientError,
            ValueError,
            AttributeError,
        ) as error:
            # slack_sdk asks a plain text for its `ok`, and that is an AttributeError.
            raise SlackNoAnswerError(self._words(network.reason(error))) from error

    def _translated(self, error: SlackApiError) -> SlackError:
        response = error.response
        # For JSON that cannot be read slack_sdk gives aiohttp's response instead of its own.
        status = int(getattr(response, "status_code", getattr(response, "status", 0)))
        data = getattr(response, "data", None)
        code = self._words(str(data.get("error", ""))) if isinstance(data, dict) else ""
        if status == 429 or code in _NEVER_DONE:
            reason = code or f"status {status}"
            return SlackBusyError(_retry_after(response.headers), reason, limited=True)
        if status >= 500 or code in _SLACKS_TROUBLE or not code:
            return SlackNoAnswerError(code or f"status {status}, no JSON", answered=status >= 500)
        details = data.get("response_metadata") if isinstance(data, dict) else None
        messages = details.get("messages") if isinstance(details, dict) else None
        detail = "; ".join(map(str, messages)) if isinstance(messages, list) else ""
        return SlackRefusedError(code, self._words(detail))

    def _words(self, text: str) -> str:
        return self._scrubber.text(text)[:500]


@asynccontextmanager
async def web_client(
    token: str, url: str, scrubber: Scrubber | None = None
) -> AsyncIterator[WebClient]:
    """One client on one pooled session for everything. It keeps no cookie, follows no redirect,
    and takes no encoded answer.

    :raises NetworkSettingsError: when the environment's proxy or certificates cannot be used
    """
    async with aiohttp.ClientSession(
        timeout=TIMEOUT,
        connector=aiohttp.TCPConnector(ssl=network.tls()),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"Accept-Encoding": "identity"},
        middlewares=(_guard,),
    ) as session:
        yield WebClient(token, url, session, scrubber or Scrubber([token]))


def _quiet_log() -> logging.Logger:
    """A logger for slack_sdk with a level of its own.

    slack_sdk reads that level alone. Without one it puts each call into a debug line, always.
    """
    logger = logging.getLogger("slack_sdk.web")
    logger.setLevel(logging.WARNING)
    return logger


class _UnexpectedAnswerError(aiohttp.ClientError):
    """An answer of a kind that is not taken from Slack."""


async def _guard(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    response = await handler(request)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if 300 <= response.status < 400:
        fault = f"a redirect (status {response.status})"
    elif encoding not in {"", "identity"}:
        fault = "an encoded answer"
    else:
        return response
    response.close()
    raise _UnexpectedAnswerError(fault)


async def call(method: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """Await a method of `WebClient`.

    :raises SlackRefusedError, SlackBusyError, SlackNoAnswerError: with the cause kept
    """
    data = (await method).data
    return data if isinstance(data, dict) else {}


def text(answer: Mapping[str, Any], *path: str) -> str:
    """A text of an answer, as it can be stored; empty when it is not there."""
    value: Any = answer
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return whole_characters(value) if isinstance(value, str) else ""


def _retry_after(headers: Mapping[str, Any]) -> float:
    value = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    text = str(value[0] if isinstance(value, list) and value else value)
    seconds = float(text) if text.isascii() and text.isdigit() else 0.0
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


async def respond(
    client: AsyncWebClient,
    response_url: str,
    text: str,
    *,
    blocks: Sequence[Mapping[str, Any]] = (),
    thread_ts: str | None = None,
) -> None:
    """Answer the person alone, by an interaction's `response_url` (30 minutes, 5 uses).

    :param blocks: shown instead of the text
    :param thread_ts: the thread in which it is shown; None for the conversation itself
    :raises SlackNoAnswerError: when Slack did not take it; the error never holds the address,
        which is as good as a token
    """
    assert client.session is not None  # noqa: S101 - `web_client` gave it one
    body = {"text": text, "response_type": "ephemeral", "replace_original": False}
    body |= {"blocks": list(blocks)} if blocks else {}
    body |= {"thread_ts": thread_ts} if thread_ts else {}
    try:
        proxy = network.proxy_for(response_url)
        async with client.session.post(response_url, json=body, proxy=proxy) as response:
            status = response.status
    except (TimeoutError, aiohttp.ClientError, ValueError, network.NetworkSettingsError) as error:
        # Without the error itself: its words, and those of a traceback, hold the address.
        raise SlackNoAnswerError(type(error).__name__) from None
    if status >= 300:
        raise SlackNoAnswerError(f"status {status}")
