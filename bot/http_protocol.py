"""HTTP over one connection, with limits for clients that are slow or send tiny pieces.

uvicorn limits neither the time for a request nor the number of pieces of its body. A web server in
front of it usually does both; constat must also stand without one.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT = 5.0
"""Seconds for the head of a request, from its first byte or from the opening of the connection."""
BODY_TIMEOUT = 7.0
"""Seconds more for the body. `bot.http_body.TIMEOUT` is shorter, and answers with 408."""
FREE_PIECES = 128
"""Pieces of a body that may have any size. Each one costs about as much time as a header line."""
SMALLEST_PIECE = 256
"""Bytes of a piece on average, in a body of more pieces than that."""


class _Connection(h11.Connection):
    """Counts the pieces of a body: chunks of one byte would cost 10,000 times their size."""

    _pieces = _size = 0

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Data):
            self._pieces += 1
            self._size += len(event.data)
            if self._pieces > FREE_PIECES and self._size < self._pieces * SMALLEST_PIECE:
                raise h11.RemoteProtocolError("the body comes in too many pieces")
        elif isinstance(event, h11.Request):
            self._pieces = self._size = 0
        return event


class LimitedProtocol(H11Protocol):
    """uvicorn's protocol, which also closes the connection if a request does not arrive in time."""

    waiting_since: float | None = None
    """The loop's time at which the connection, or an incomplete request on it, began."""
    idle_since: float | None = None
    """The loop's time since which there is no request at all, after one was answered."""
    head_timeout, body_timeout = HEAD_TIMEOUT, BODY_TIMEOUT
    _timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = _Connection(h11.SERVER)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self.idle_since = None
        super().data_received(data)
        state = self.conn.their_state
        if state is not h11.IDLE and state is not h11.SEND_BODY:
            self._received()
        elif self._timer is None:
            self._wait()
        elif state is h11.IDLE and not self.conn.trailing_data[0]:
            # The refused request before this moment is over, and the next one has not begun.
            self._received()
            self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()  # it begins with a next request that has come already
        if self.cycle.response_complete:
            self.idle_since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._received()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """uvicorn answers a malformed request even if the app has answered its first part."""
        if self.cycle is not None and not self.cycle.response_complete:
            # The app's own answer would come second.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def drop(self) -> None:
        """Close at once, to make room for another connection."""
        self._received()
        self.connections.discard(self)
        self.transport.abort()

    def _wait(self) -> None:
        self.waiting_since = self.loop.time()
        self._timer = self.loop.call_later(self.head_timeout, self._head_is_late)

    def _received(self) -> None:
        self.waiting_since = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_is_late(self) -> None:
        if self.conn.their_state is h11.SEND_BODY:
            self._timer = self.loop.call_later(self.body_timeout, self.transport.abort)
        else:
            self.transport.abort()
