"""A port of its own for each API, which can be closed: then nothing connects."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.page.traffic_log import TrafficLog

HOST = "127.0.0.1"


class ApiPort:
    """Serves the routes of one API. The port number stays the same when it is opened again."""

    def __init__(self, add_routes: Callable[[web.Application], None], traffic: TrafficLog) -> None:
        self._add_routes, self._traffic = add_routes, traffic
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Listen, unless it does.

        :raises OSError: when another process has taken the port
        """
        if self._runner is not None:
            return

        @web.middleware
        async def log_traffic(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._traffic.middleware(request, handler)

        app = web.Application(client_max_size=32 * 2**20, middlewares=[log_traffic])
        self._add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Close the port and every connection. A new connection is refused."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Listen while the block runs, and give the address."""
        await self.open()
        try:
            yield self.url
        finally:
            await self.close()
