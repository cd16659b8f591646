"""HTTP mode: Slack sends requests to this process, until SIGTERM, SIGINT or SIGHUP."""

import asyncio
import contextlib
import logging
import os
import resource
from collections.abc import Iterator
from socket import AF_INET, AF_INET6, create_server, socket
from typing import Any

import uvicorn

from bot.app import running
from bot.config import Config
from bot.http import HttpApp
from bot.http_protocol import LimitedProtocol
from bot.log_limit import limit
from bot.process import log_when_ready, stop_on_signals, tune_garbage_collection
from bot.settings import Settings
from bot.setup import Setup

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 500
BACKLOG = 128
"""Connections that the kernel keeps until they are accepted."""
PAUSE = 1.0
"""Seconds without accepting, after the process has run out of files or memory."""


class ListenError(Exception):
    """The address is in use, or does not belong to this machine: a sentence for the operator."""


async def serve(settings: Settings, config: Config, host: str, port: int) -> None:
    """:raises ListenError: before anything else is done

    :raises UnusableDatabaseError: if the file cannot be used
    """
    stopped = stop_on_signals()
    limit("bot.http", "bot.http_server", "uvicorn.error", "asyncio")
    with _listener(host, port) as listener:
        async with running(Setup.of(settings, config)) as runtime:
            secret = settings.slack_signing_secret.get_secret_value()
            server = Server(configured(HttpApp(runtime.app, secret, runtime.missing)), listener)

            async def ready() -> bool:
                return not runtime.missing()

            log.info("listening on %s, port %d", host, server.port)
            tasks = [
                asyncio.create_task(server.serve()),
                asyncio.create_task(log_when_ready(ready, f"HTTP mode, port {server.port}")),
            ]
            tasks[0].add_done_callback(lambda _: stopped.set())
            tune_garbage_collection()
            await stopped.wait()
            server.should_exit = True
            tasks[1].cancel()
            await tasks[0]


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

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket] | None = None) -> None:  # noqa: ARG002
        await super().startup(sockets=[])
        self._accepting = asyncio.create_task(self._accept())
        self._accepting.add_done_callback(self._stop)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:  # noqa: ARG002
        self._accepting.cancel()
        [ended] = await asyncio.gather(self._accepting, return_exceptions=True)
        self._listener.close()
        await super().shutdown(sockets=[])
        if isinstance(ended, Exception):
            raise ended

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener.setblocking(False)  # noqa: FBT003 - the socket's own method
        while True:
            try:
                connection, _ = await loop.sock_accept(self._listener)
                if not self._has_room():
                    connection.close()
                    continue
                await loop.connect_accepted_socket(self._protocol, connection)
            except ConnectionError:
                continue  # the client is gone already
            except OSError as error:
                log.error("cannot accept a connection: %s", error.strerror)  # noqa: TRY400
                self._drop_slowest()
                await asyncio.sleep(PAUSE)

    def _protocol(self) -> LimitedProtocol:
        return self._protocol_class(self.config, self.server_state, {})

    def _has_room(self) -> bool:
        """At the limit, the connection that has waited longest for its request is closed."""
        if len(self.server_state.connections) < self._most:
            return True
        log.warning("%d connections are open: closing the slowest one", self._most)
        return self._drop_slowest()

    def _drop_slowest(self) -> bool:
        """Whether there was a connection without a whole request."""
        slow = [
            (protocol.waiting_since, protocol)
            for protocol in self.server_state.connections
            if isinstance(protocol, LimitedProtocol) and protocol.waiting_since is not None
        ]
        if slow:
            _, slowest = min(slow, key=lambda pair: pair[0])
            slowest.drop()
        return bool(slow)

    def _stop(self, _: object) -> None:
        self.should_exit = True


def _listener(host: str, port: int) -> socket:
    try:
        family = AF_INET6 if ":" in host else AF_INET
        return create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        # Python adds the address to the message; errors of name resolution have a negative number.
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        raise ListenError(f"cannot listen on {host}, port {port}: {why}") from error
