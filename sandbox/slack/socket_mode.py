"""Socket Mode: payloads go over a WebSocket that the app opens, instead of HTTP requests.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.patience import PATIENCE

Json = dict[str, Any]
MOST = 10
"""Connections of one app."""


class SocketMode:
    """The app's open connections. Slack sends each envelope to one of them, in turn."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._since: dict[web.WebSocketResponse, int] = {}
        """In which order the connections were opened."""
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self._arrived = asyncio.Event()
        self.refused = False
        """Whether a proxy or a firewall refuses WebSockets."""

    @property
    def connections(self) -> int:
        return len(self._open)

    def new_url(self, base_url: str) -> str:
        """A WebSocket address that works once."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"{base_url.replace('http', 'ws', 1)}/slack/socket?ticket={ticket}&app_id=A"

    async def connected(self, timeout: float = PATIENCE, *, times: int = 1) -> None:  # noqa: ASYNC109
        """Wait until an app has so many connections.

        :raises TimeoutError: after `timeout` seconds
        """
        async with asyncio.timeout(timeout):
            while len(self._open) < times:
                self._arrived.clear()
                await self._arrived.wait()

    async def deliver(
        self, kind: str, payload: Json, *, accepts_payload: bool, extra: Json | None = None
    ) -> Json | None:
        """Send an envelope, and give the payload of its acknowledgement, however late it comes.

        :param extra: further keys of the envelope
        :raises ConnectionError: when no app is connected
        """
        if not self._open:
            raise ConnectionError("no Socket Mode connection is open")
        connection = self._open.pop(0)
        self._open.append(connection)
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": accepts_payload,
            "payload": payload,
            **(extra or {}),
        }
        try:
            await connection.send_json(envelope)
            return await answer
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Announce a disconnect and close every connection, as Slack does every few hours. Nothing
        more is sent to a connection from then on.
        """
        for connection in list(self._open):
            await self._end(connection, reason)

    async def disconnect_oldest(self, reason: str = "refresh_requested") -> None:
        """Announce a disconnect to one connection and close it. The others go on."""
        await self._end(min(self._open, key=self._since.__getitem__), reason)

    async def _end(self, connection: web.WebSocketResponse, reason: str) -> None:
        self._forget(connection)
        await connection.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        await connection.close()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.refused or ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        if len(self._open) >= MOST:
            reason = "too_many_websockets"
            await connection.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            await connection.close()
            return connection
        await connection.send_json({"type": "hello", "num_connections": len(self._open) + 1})
        self._since[connection] = len(self._since)
        self._open.append(connection)
        self._arrived.set()
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._forget(connection)
        return connection

    def _forget(self, connection: web.WebSocketResponse) -> None:
        if connection in self._open:
            self._open.remove(connection)
        if not self._open:
            self._arrived.clear()

    def _receive(self, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            return  # Slack does not answer an unreadable message
        if not isinstance(ack, dict):
            return
        waiting = self._waiting.get(str(ack.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))
