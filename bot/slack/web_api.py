"""Slack's Web API, its errors told by what the caller does next.

    SlackRefusedError     Slack said no and did nothing: doing the same again gives the same
    SlackBusyError        Slack did nothing now: do it again after that many seconds
    SlackNoAnswerError    it may have happened: a message may be there twice if it is done again

Here, and only here, slack_sdk's and aiohttp's errors become ours.
"""

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
"""Seconds for one call."""


class SlackError(Exception):
    """A call of Slack's Web API did not do what it was for."""


class SlackRefusedError(SlackError):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        """Slack's error string."""


class SlackBusyError(SlackError):
    def __init__(self, seconds: float, *, limited: bool = False) -> None:
        super().__init__(f"try again in {seconds:g} s")
        self.seconds = seconds
        self.limited = limited
        """Slack limits us; otherwise it is in trouble itself."""


class SlackNoAnswerError(SlackError):
    """The connection was cut, or the answer came too late."""


_NOTHING_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_NEVER_DONE = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
_SLACKS_TROUBLE = frozenset({"internal_error", "fatal_error", "request_timeout"})


@asynccontextmanager
async def web_client(token: str, url: str) -> AsyncIterator[AsyncWebClient]:
    """One client on one session for everything.

    It never tries again by itself: slack_sdk's own way posts a message twice when a connection is
    cut behind the request. Who calls knows whether twice is harmless.
    """
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        yield AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])


async def call(method: Awaitable[Any]) -> Mapping[str, Any]:
    """Await a method of AsyncWebClient.

    :raises SlackRefusedError, SlackBusyError, SlackNoAnswerError: with the cause kept
    """
    try:
        response = await method
    except SlackApiError as error:
        raise _translated(error) from error
    except _NOTHING_SENT as error:
        raise SlackBusyError(1.0) from error
    except (
        TimeoutError,
        aiohttp.ClientError,
        SlackClientError,
        ValueError,
        AttributeError,
    ) as error:
        # slack_sdk asks a plain text for its `ok`, and that is an AttributeError.
        raise SlackNoAnswerError(f"{type(error).__name__}: {error}") from error
    data: Mapping[str, Any] = response.data
    return data


def _translated(error: SlackApiError) -> SlackError:
    response = error.response
    # For JSON that cannot be read slack_sdk gives aiohttp's response instead of its own.
    status = int(getattr(response, "status_code", getattr(response, "status", 0)))
    data = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in _NEVER_DONE:
        return SlackBusyError(_retry_after(response), limited=True)
    if status >= 500 or code in _SLACKS_TROUBLE or not code:
        return SlackNoAnswerError(code or f"status {status}, no JSON")
    details = data.get("response_metadata") if isinstance(data, dict) else None
    return SlackRefusedError(code, "; ".join((details or {}).get("messages", [])))


def _retry_after(response: Any) -> float:
    headers = {name.lower(): value for name, value in response.headers.items()}
    value = headers.get("retry-after", "1")
    text = value[0] if isinstance(value, list) else str(value)
    return float(text) if text.isdigit() else 1.0


async def respond(client: AsyncWebClient, response_url: str, text: str) -> None:
    """Tell the person alone, by an interaction's `response_url` (30 minutes, 5 uses).

    :raises SlackNoAnswerError: when Slack did not take it
    """
    assert client.session is not None  # noqa: S101 - `web_client` gave it one
    body = {"text": text, "response_type": "ephemeral", "replace_original": False}
    try:
        async with client.session.post(response_url, json=body) as response:
            response.raise_for_status()
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        raise SlackNoAnswerError(f"{type(error).__name__}: {error}") from error
