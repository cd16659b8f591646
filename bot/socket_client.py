"""slack_sdk's client of Socket Mode, extended so that no request is lost when Slack ends a
connection.
"""

import asyncio
import contextlib
import logging
import math
import time
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import network, payload_json
from bot.dispatch import dispatch

log = logging.getLogger(__name__)

_TYPES = frozenset({"events_api", "interactive", "slash_commands"})
"""The types of envelopes. Source: https://docs.slack.dev/apis/events-api/using-socket-mode"""
FRESH = 5.0
"""Seconds for which a connection counts as new."""
ANSWER_WITHIN = 2.5
"""Seconds for which an answer waits for a connection. Slack waits for 3."""


class SocketClient(SocketModeClient):
    """slack_sdk connects twice for one end of a connection: because Slack announces it, and because
    Slack closes it. The second time closes the connection of the first, and with it whatever Slack
    has just sent there. This client connects once. It answers over the new connection while it
    connects again.
    """

    def __init__(self, **given: Any) -> None:
        """:param given: as slack_sdk takes it"""
        super().__init__(**given)
        self._connected_at = -math.inf
        self._next = asyncio.Event()
        """The next connection."""

    async def connect(self) -> None:
        await super().connect()  # type: ignore[no-untyped-call]
        self._connected_at = time.monotonic()
        self._next.set()
        self._next = asyncio.Event()

    async def issue_new_wss_url(self) -> str:
        """The address of the next WebSocket. Its host is another than the Web API's, so the
        environment decides about its proxy.
        """
        address: str = await super().issue_new_wss_url()
        self.proxy = network.proxy_for(address)
        return address

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - slack_sdk's
        """:param force: Slack has announced the end of a connection"""
        if force:
            await self._connecting()
            if time.monotonic() - self._connected_at < FRESH and await self.is_connected():
                return
        await super().connect_to_new_endpoint(force)

    async def renew(self) -> None:
        """Open a new connection, however good this one looks."""
        await super().connect_to_new_endpoint(force=True)

    async def send_message(self, message: str) -> None:
        """Send an answer, over the next connection if there is none now."""
        if not await self.is_connected():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_WITHIN):
                    await self._next.wait()
        await self._connecting()
        await super().send_message(message)

    async def enqueue_message(self, message: str) -> None:
        """Put a message of Slack into the queue, without halves of characters, as in HTTP mode.
        One that is no JSON is left as it is: slack_sdk logs it.
        """
        with contextlib.suppress(ValueError, RecursionError):
            message = payload_json.with_whole_characters(message)
        await super().enqueue_message(message)

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Slack waits for an acknowledgement of every envelope. An envelope of a type that is not
        known here asks the bot for nothing, and is acknowledged.
        """
        envelope_id, kind = message.get("envelope_id"), message.get("type")
        if not isinstance(envelope_id, str):
            await super().run_message_listeners(message, raw_message)
        elif str(kind) not in _TYPES:
            log.info("an envelope of an unknown type came", extra={"type": kind})
            await self.send_socket_mode_response(SocketModeResponse(envelope_id=envelope_id))
        elif isinstance(message.get("payload"), dict):
            await super().run_message_listeners(message, raw_message)
        else:
            log.info("rejected an envelope without a payload", extra={"type": kind})

    async def _connecting(self) -> None:
        """Wait until it has connected again, if it does so now."""
        async with self.connect_operation_lock:
            pass


class SocketHandler(AsyncSocketModeHandler):
    """Bolt's adapter, with the client above."""

    client: SocketClient

    def __init__(
        self,
        app: AsyncApp,
        token: str,
        *,
        logger: logging.Logger,
        web_client: AsyncWebClient,
        ping_interval: float,
    ) -> None:
        """:param token: the App-Level Token"""
        self.app, self.app_token = app, token
        self.client = SocketClient(
            app_token=token, logger=logger, web_client=web_client, ping_interval=ping_interval
        )
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]

    async def handle(  # type: ignore[override]
        self, client: SocketClient, req: SocketModeRequest
    ) -> None:
        """Answer a request. One that is not of Slack's shape gets no answer."""
        began = time.time()
        response = await dispatch(self.app, req.payload, build_headers(req) or {})
        if response is not None:
            await send_async_response(client, req, response, began)
