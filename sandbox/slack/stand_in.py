"""The stand-in for Slack: a workspace, the Web API that an app calls, WebSocket and hooks.

slack = Slack(seed())
async with slack.serve() as base_url:
    client = AsyncWebClient(token=slack.workspace.app.bot_token, base_url=slack.api_url)
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from sandbox.patience import PATIENCE
from sandbox.slack import api_chat, api_reads, api_views, files, homes, hooks, unfurls
from sandbox.slack.calls import Call, read_call
from sandbox.slack.errors import SlackError
from sandbox.slack.faults import SlackFault, SlackFaults
from sandbox.slack.limits import Limiter
from sandbox.slack.method import Method, RateLimitedError, require_scope
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.triggers import Triggers
from sandbox.slack.views import Views
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
METHODS: dict[str, Method] = {
    **api_views.METHODS,
    **api_chat.METHODS,
    **api_reads.METHODS,
    **homes.METHODS,
    **files.METHODS,
    **unfurls.METHODS,
}
UNFURLED_AT_ONCE, UNFURLED_PER_SECOND = 50, 50 / 60
PUBLISHED_AT_ONCE, PUBLISHED_PER_SECOND = 100, 100 / 60
ERROR_PAGE = "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>"


class Slack:
    """`burst` messages may follow each other in a channel; after that, one a second.

    `base_url` is the address at which the bot reaches this server. `serve` sets it; an application
    that mounts the routes sets it itself.
    """

    def __init__(self, workspace: Workspace, *, burst: int = 4, update_burst: int = 10) -> None:
        self.workspace = workspace
        self.views = Views(workspace)
        self.homes = homes.Homes(workspace)
        self.unfurls = unfurls.Unfurls(workspace)
        self.triggers = Triggers(workspace.clock)
        self.faults = SlackFaults()
        self.socket = SocketMode()
        self.post_limits = Limiter(workspace.clock, burst=burst)
        self.publish_limits = Limiter(
            workspace.clock, burst=PUBLISHED_AT_ONCE, rate=PUBLISHED_PER_SECOND
        )
        self.unfurl_limits = Limiter(
            workspace.clock, burst=UNFURLED_AT_ONCE, rate=UNFURLED_PER_SECOND
        )
        self.update_limits = Limiter(workspace.clock, burst=update_burst)
        self.calls: list[Call] = []
        self._called = asyncio.Event()

    @property
    def base_url(self) -> str:
        return self.workspace.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.workspace.base_url = url

    @property
    def api_url(self) -> str:
        """The base_url to give to slack_sdk's clients."""
        return f"{self.base_url}/slack/api/"

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def called(
        self,
        method: str,
        *,
        times: int = 1,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> list[Call]:
        """Wait until a method was called `times` times, and give its calls.

        :raises TimeoutError: after `timeout` seconds
        """
        async with asyncio.timeout(timeout):
            while len(self.calls_of(method)) < times:
                await self._called.wait()
        return self.calls_of(method)

    def add_routes(self, app: web.Application) -> None:
        """Add /slack/api/, /slack/socket, /slack/files-pri/ and /slack/hooks/ to an application."""

        async def respond(request: web.Request) -> web.Response:
            return await hooks.respond(self, request)

        async def download(request: web.Request) -> web.StreamResponse:
            return await files.download(self, request)

        async def close(_app: web.Application) -> None:
            await self.socket.disconnect("link_disabled")

        app.on_shutdown.append(close)
        app.router.add_route("*", "/slack/api/{method}", self._serve_method)
        app.router.add_get("/slack/socket", self.socket.serve)
        app.router.add_get(files.PATH + "/{file}/{name}", download)
        app.router.add_post("/slack/hooks/{kind}/{secret}", respond)

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve these routes alone, and give the base URL. Port 0 takes any free port."""
        app = web.Application(client_max_size=4 * 2**20)
        self.add_routes(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            self.base_url = f"http://{host}:{runner.addresses[0][1]}"
            yield self.base_url
        finally:
            await runner.cleanup()

    async def _serve_method(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        fault = self.faults.next(name)
        try:
            args, token = await read_call(request)
        except SlackError as error:
            return web.json_response(error.body())
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        status, answer, headers = self._outcome(name, args, token, fault)
        retry = request.headers.get("X-Slack-Retry-Num")
        kind = fault.kind if fault else None
        at = self.workspace.clock()
        self.calls.append(Call(name, args, answer, status, at, retry, kind))
        self._called.set()
        self._called = asyncio.Event()
        if fault is not None and fault.kind in {"cut", "cut_before"}:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if status == 500:
            return web.Response(status=500, text=ERROR_PAGE, content_type="text/html")
        return web.json_response(answer, status=status, headers=headers)

    def _outcome(
        self, name: str, args: Json, token: str, fault: SlackFault | None
    ) -> tuple[int, Json, dict[str, str]]:
        """Carry out the call, or refuse it: the status, the body and the headers of the answer."""
        if fault is not None and fault.kind in {"500", "cut_before"}:
            return 500, {}, {}
        try:
            if fault is not None:
                self._apply_fault(fault, args)
            return 200, {"ok": True, **self._run(name, args, token)}, self._granted(token)
        except RateLimitedError as error:
            wait = str(max(1, math.ceil(error.seconds)))
            return 429, error.body(), {"Retry-After": wait}
        except SlackError as error:
            return 200, error.body(), {}

    def _granted(self, token: str) -> dict[str, str]:
        """Slack names the scopes of a bot token with each answer."""
        app = self.workspace.app
        scopes = ",".join(sorted(app.scopes))
        return {"X-OAuth-Scopes": scopes} if token and token == app.bot_token else {}

    def _run(self, name: str, args: Json, token: str) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(method, token)
        if method.needs is not None:
            require_scope(self, method.needs)
        return method.run(self, args)

    def _check_token(self, method: Method, token: str) -> None:
        app = self.workspace.app
        if method.token == "none":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise SlackError("invalid_auth")
        if token != (app.bot_token if method.token == "bot" else app.app_token):
            raise SlackError("not_allowed_token_type")

    def _apply_fault(self, fault: SlackFault, args: Json) -> None:
        if fault.kind == "429":
            raise RateLimitedError(fault.seconds)
        if fault.kind == "error":
            raise SlackError(fault.error)
        if fault.kind == "orphan":
            self.workspace.messages[str(args.get("channel"))].pop(str(args.get("thread_ts")), None)
