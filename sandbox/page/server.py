"""Serves the page: the document, its live stream, the posted actions, the static files."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from sandbox.page import files as page_files
from sandbox.page import panel
from sandbox.page.action import Action, StaleActionError
from sandbox.page.action_handlers import HANDLERS, KEEPS_NOTICES, handle
from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import BrowserTab, location_of, query_of
from sandbox.page.document import document, partial, regions
from sandbox.slack import NotOnScreenError

DRAWING_DELAY = 0.01
"""Seconds in which several changes become one drawing."""
CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain"}
STATIC = {path.name: path for path in (files("sandbox.page") / "static").iterdir()}
"""Every file that the page may ask for, by its name. Nothing comes from another server."""
NO_CACHE = {"Cache-Control": "no-store"}


class Page:
    """Adds the page to a sandbox."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self._tabs: dict[str, BrowserTab] = {}
        self._openings: set[asyncio.Task[None]] = set()
        state.sandbox.mounts.append(self._mount)

    @asynccontextmanager
    async def watch_rows(self) -> AsyncIterator[None]:
        """Watch the bot's database while the block runs."""
        task = asyncio.create_task(self.state.rows.watch())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _mount(self, app: web.Application) -> None:
        @web.middleware
        async def log_traffic(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self.state.traffic.middleware(request, handler)

        app.middlewares.append(log_traffic)
        app.router.add_get("/", self._show)
        app.router.add_get("/live", self._live)
        app.router.add_post("/act", self._act)
        app.router.add_get("/json/{number:\\d+}", self._json)
        app.router.add_get("/page/{name}", _static_file)
        app.router.add_get(page_files.ADDRESS + "{file}", self._file)

    async def _show(self, request: web.Request) -> web.Response:
        workspace = self.state.sandbox.slack.workspace
        location = location_of(request.query, workspace, self.state.first_user)
        tab = BrowserTab(location, workspace.clock())
        self.state.unread.see(location)
        self._tabs[tab.id] = tab
        if location.home and not self.state.has_modal(location.user):
            opening = asyncio.create_task(self._open_home(location.user))
            self._openings.add(opening)
            opening.add_done_callback(self._openings.discard)
        html = document(self.state, tab, regions(self.state, tab))
        return web.Response(text=html, content_type="text/html", headers=NO_CACHE)

    async def _open_home(self, user: str) -> None:
        """Slack sends an event each time that a person opens the Home."""
        await self.state.person(user).open_home()
        self.state.changes.notify()

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Send all regions once, and then each region whose drawing changed."""
        tab, state = self._tab(request), self.state
        stream = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", **NO_CACHE})
        await stream.prepare(request)
        sent: dict[str, str] = {}
        try:
            while True:
                count = state.changes.count
                state.unread.see(tab.location)
                drawn = regions(state, tab)
                changed = [
                    partial(name, html) for name, html in drawn.items() if sent.get(name) != html
                ]
                if changed:
                    sent = drawn
                    await stream.write(_event("".join(changed)))
                await state.changes.wait_after(count)
                await asyncio.sleep(DRAWING_DELAY)
        except ConnectionResetError:
            return stream  # the browser disconnected

    async def _act(self, request: web.Request) -> web.Response:
        tab = self._tab(request)
        posted: Any = await request.post()
        verb = posted.get("verb")
        if verb not in HANDLERS:
            raise web.HTTPBadRequest
        action = Action(self.state, tab, posted)
        if verb not in KEEPS_NOTICES:
            self.state.forget_notices(action.user)
        task = asyncio.create_task(handle(action))
        await asyncio.sleep(0)
        self.state.changes.notify()  # draws what the click itself changed before the bot answers
        try:
            await task
        except StaleActionError:
            pass
        except NotOnScreenError as refusal:
            action.person.notices.append(str(refusal))
            action.redraw_field()
        finally:
            self.state.changes.notify()
        headers = {"HX-Push-Url": tab.location.link} if verb == "go" else None
        return web.Response(status=204, headers=headers)

    async def _file(self, request: web.Request) -> web.Response:
        workspace = self.state.sandbox.slack.workspace
        return page_files.response(workspace, request.match_info["file"])

    async def _json(self, request: web.Request) -> web.Response:
        exchange = self.state.traffic.find(int(request.match_info["number"]))
        if exchange is None:
            raise web.HTTPNotFound
        return web.Response(text=str(panel.draw_json(exchange)), content_type="text/html")

    def _tab(self, request: web.Request) -> BrowserTab:
        """The tab that sent the request. A tab of an earlier server is known by its address."""
        name = request.query.get("tab", "")
        if name not in self._tabs:
            query = query_of(request.headers.get("Referer", ""))
            tab = BrowserTab(location_of(query, self.state.sandbox.slack.workspace))
            tab.id = name
            self._tabs[name] = tab
        return self._tabs[name]


async def _static_file(request: web.Request) -> web.Response:
    """A browser may keep the scripts of others, whose names carry their versions."""
    file = STATIC.get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    suffix = PurePath(file.name).suffix
    headers = {"Cache-Control": "max-age=3600"} if file.name.endswith(".min.js") else NO_CACHE
    return web.Response(
        body=file.read_bytes(), content_type=CONTENT_TYPES[suffix], charset="utf-8", headers=headers
    )


def _event(text: str) -> bytes:
    """A server-sent event."""
    lines = "".join(f"data: {line}\n" for line in text.replace("\r", "\n").split("\n"))
    return f"{lines}\n".encode()
