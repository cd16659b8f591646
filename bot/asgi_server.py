"""A server for ASGI apps on a socket of ours, with limits for clients that are slow or many."""

import asyncio
import contextlib
import logging
import os
import resource
from collections.abc import AsyncIterator, Iterator
from operator import attrgetter
from socket import (
    AF_INET,
    AF_INET6,
    IPPROTO_IPV6,
    IPV6_V6ONLY,
    SO_REUSEADDR,
    SOL_SOCKET,
    create_server,
    socket,
)
from typing import Any

import uvicorn

from bot.http_protocol import LimitedProtocol
from bot.log_limit import limit

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 500
BACKLOG = 128
"""Connections that the kernel keeps until they are accepted."""
LAST_REQUESTS = 1.0
"""Seconds in which the requests on open connections arrive before a server ends."""
LOOK_EVERY = 0.01
"""Seconds between two looks whether they have arrived."""
PAUSE = 1.0
"""Seconds without accepting, after the process has run out of files or memory."""


class ListenError(Exception):
    """The address is in use, or does not belong to this machine: a sentence for the operator."""


@contextlib.asynccontextmanager
async def served(
    app: Any, listener: socket, *, connections: int | None = None
) -> AsyncIterator["Server"]:
    """Answer requests on a socket of `listening`, until the block ends.

    :param connections: at the same time, as `Server` takes them
    :raises ListenError: when another program has begun to listen there
    """
    limit("bot.http", "bot.asgi_server", "uvicorn.error", "asyncio")
    server = Server(configured(app), listener, connections=connections)
    address = listener.getsockname()[0]
    with _errors_of_listening(address, server.port):
        listener.listen(BACKLOG)
    log.info("listening", extra={"address": address, "port": server.port})
    server.running = asyncio.create_task(server.serve())
    try:
        yield server
    finally:
        server.should_exit = True
        await server.running


def configured(app: Any) -> uvicorn.Config:
    """uvicorn's options for an ASGI app.

    h11 even where httptools is installed: httptools takes 0.07 ms less for a request, but accepts
    heads of any length.
    """
    return uvicorn.Config(
        app, http=LimitedProtocol, ws="none", lifespan="off", log_config=None, access_log=False,
        proxy_headers=False, timeout_graceful_shutdown=5, server_header=False,
    )  # fmt: skip


class Server(uvicorn.Server):
    """uvicorn's server on a socket of ours, with a limit for its connections.

    asyncio accepts without a limit, and in Python 3.11 logs thousands of errors a second once the
    process has no files left. uvicorn would also handle signals, and raise them again at the end.
    """

    running: asyncio.Task[None]
    """Ends when the server ends, with its error if it failed."""

    def __init__(
        self,
        config: uvicorn.Config,
        listener: socket,
        *,
        connections: int | None = None,
        protocol: type[LimitedProtocol] = LimitedProtocol,
    ) -> None:
        """:param connections: by default half of the files that the process may open, at most
        `MOST_CONNECTIONS`; the rest is for the database and for calls to Slack and the APIs
        """
        super().__init__(config)
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._most = connections or min(MOST_CONNECTIONS, files // 2)
        self._listener, self._protocol_class = listener, protocol
        self.port: int = listener.getsockname()[1]
        self._ends = False
        self._woken: asyncio.Future[None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket] | None = None) -> None:  # noqa: ARG002
        await super().startup(sockets=[])
        self._accepting = asyncio.create_task(self._accept())
        self._accepting.add_done_callback(self._stop)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:  # noqa: ARG002
        # Not cancelled: a connection that was just accepted would be lost.
        self._ends = True
        self._wake()
        [ended] = await asyncio.gather(self._accepting, return_exceptions=True)
        self._listener.close()
        await self._requests_arrive()
        await super().shutdown(sockets=[])
        if isinstance(ended, Exception):
            raise ended

    async def _accept(self) -> None:
        """Accept until the server ends, and then those that the kernel has already."""
        self._listener.setblocking(False)  # noqa: FBT003 - the socket's own method
        while True:
            is_last = self._ends
            try:
                await self._accept_waiting()
            except OSError as error:
                log.error("cannot accept a connection", extra={"why": error.strerror})  # noqa: TRY400
                self._drop_slowest()
                await asyncio.sleep(PAUSE)
            if is_last:
                return
            await self._connection_comes()

    async def _accept_waiting(self) -> None:
        """Accept every connection that the kernel has."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # the client is gone already
            connection.setblocking(False)  # noqa: FBT003 - the socket's own method
            if not self._has_room():
                connection.close()
                continue
            with contextlib.suppress(ConnectionError):
                await loop.connect_accepted_socket(self._protocol, connection)

    async def _connection_comes(self) -> None:
        """Wait until the kernel has a connection, or the server ends."""
        if self._ends:
            return
        loop = asyncio.get_running_loop()
        self._woken = loop.create_future()
        loop.add_reader(self._listener, self._wake)
        try:
            await self._woken
        finally:
            loop.remove_reader(self._listener)

    def _wake(self) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    async def _requests_arrive(self) -> None:
        """Wait for the requests on connections that were just opened. uvicorn would close these,
        which a load balancer takes for a failure.
        """
        for _ in range(int(LAST_REQUESTS / LOOK_EVERY)):
            if all(protocol.waiting_since is None for protocol in self._protocols()):
                return
            await asyncio.sleep(LOOK_EVERY)

    def _protocols(self) -> list[LimitedProtocol]:
        return [
            protocol
            for protocol in self.server_state.connections
            if isinstance(protocol, LimitedProtocol)
        ]

    def _protocol(self) -> LimitedProtocol:
        return self._protocol_class(self.config, self.server_state, {})

    def _has_room(self) -> bool:
        """At the limit, the connection that does least is closed."""
        if len(self.server_state.connections) < self._most:
            return True
        log.warning("too many connections: closing the slowest one", extra={"open": self._most})
        return self._drop_slowest()

    def _drop_slowest(self) -> bool:
        """Close the connection that has waited longest for its request, or else the one that has
        been idle longest.

        :returns: whether there was one
        """
        protocols = self._protocols()
        for since in (attrgetter("waiting_since"), attrgetter("idle_since")):
            if candidates := [protocol for protocol in protocols if since(protocol) is not None]:
                min(candidates, key=since).drop()
                return True
        return False

    def _stop(self, _: object) -> None:
        self.should_exit = True


def listening(host: str, port: int, *, later: bool = False) -> socket:
    """A socket that listens. Close it in the end.

    :param later: whether a connection is refused until `served` begins, so that a load balancer
        takes another bot. Otherwise it waits until then
    :raises ListenError: when the address cannot be used
    """
    with _errors_of_listening(host, port):
        family = AF_INET6 if ":" in host else AF_INET
        if not later:
            return create_server((host, port), family=family, backlog=BACKLOG)
        listener = socket(family)
        try:
            listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            if family == AF_INET6:
                listener.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
            listener.bind((host, port))
        except BaseException:
            listener.close()
            raise
        return listener


@contextlib.contextmanager
def _errors_of_listening(host: str, port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Python adds the address to the message; errors of name resolution have a negative number.
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        raise ListenError(f"cannot listen on {host}, port {port}: {why}") from error
