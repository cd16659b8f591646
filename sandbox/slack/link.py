"""How Slack reaches the bot: a signed HTTP request, or an envelope on the open WebSocket."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import httpx

from sandbox.slack.model import App

if TYPE_CHECKING:
    from sandbox.slack.socket_mode import SocketMode

Json = dict[str, Any]
Kind = Literal["slash_commands", "interactive", "events_api"]
HTTP_OK = 200


@dataclass(frozen=True)
class Ack:
    """The bot's answer. `failure` says why there was none: timeout, refused, or a status."""

    body: Any = None
    failure: str | None = None

    @property
    def ok(self) -> bool:
        return self.failure is None


@dataclass(frozen=True)
class Retry:
    """Why an event is sent again. The first further try has number 1."""

    number: int
    reason: str


class BotLink:
    """A way to a bot: at `base_url`, behind an httpx `transport`, or connected to `socket`.

    Requests are signed with `signing_secret` and the real time, not the time of the workspace's
    clock, because a verifier compares it with its own clock.
    """

    def __init__(
        self,
        base_url: str = "http://bot",
        *,
        signing_secret: str = App.signing_secret,
        path: str = "/slack/events",
        transport: httpx.AsyncBaseTransport | None = None,
        socket: "SocketMode | None" = None,
    ) -> None:
        self._secret = signing_secret
        self._path = path
        self._socket = socket
        # No connection is kept: nothing is left open when a test ends.
        self._client = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=None,  # noqa: S113 -- deliver sets the limit
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def deliver(
        self, kind: Kind, payload: Json, ack_timeout: float, retry: Retry | None = None
    ) -> Ack:
        """Send a payload and wait for the answer. A bot that fails to answer raises nothing.

        :param ack_timeout: seconds
        :param retry: of an event that is sent again
        """
        try:
            async with asyncio.timeout(ack_timeout):
                if self._socket is not None:
                    return await self._by_socket(self._socket, kind, payload, retry)
                return await self._by_http(kind, payload, retry)
        except TimeoutError:
            return Ack(failure="timeout")
        except (httpx.TransportError, ConnectionError) as error:
            return Ack(failure=f"refused: {error!r}")

    async def _by_socket(
        self, socket: "SocketMode", kind: Kind, payload: Json, retry: Retry | None
    ) -> Ack:
        extra = {"retry_attempt": retry.number, "retry_reason": retry.reason} if retry else {}
        is_event = kind == "events_api"
        extra = {"retry_attempt": 0, "retry_reason": "", **extra} if is_event else {}
        answer = await socket.deliver(kind, payload, accepts_payload=not is_event, extra=extra)
        return Ack(answer)

    async def _by_http(self, kind: Kind, payload: Json, retry: Retry | None) -> Ack:
        if kind == "events_api":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body = str(httpx.QueryParams(form)).encode()
            content_type = "application/x-www-form-urlencoded"
        headers = self._headers(body) | {"Content-Type": content_type}
        if retry is not None:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        answer = await self._client.post(self._path, content=body, headers=headers)
        if answer.status_code != HTTP_OK:
            return Ack(failure=f"status {answer.status_code}")
        if not answer.content:
            return Ack()
        if "json" not in answer.headers.get("content-type", ""):
            return Ack(answer.text)
        try:
            return Ack(answer.json())
        except ValueError:
            return Ack(failure="unreadable answer")

    def _headers(self, body: bytes) -> dict[str, str]:
        at = str(int(time.time()))
        base = b"v0:" + at.encode() + b":" + body
        digest = hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        return {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "application/json,*/*",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={digest}",
        }
