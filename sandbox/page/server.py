"""Serves the page: the document, its live stream, what its clicks send, its files."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from aiohttp import hdrs, web

from sandbox.page import panel
from sandbox.page.act import Act, LateError
from sandbox.page.acts import QUIET, VERBS, carry_out
from sandbox.page.desk import Desk
from sandbox.page.document import document, partial, regions
from sandbox.page.glass import Handler
from sandbox.page.pen import key_of, name_of
from sandbox.page.tab import Tab, query_of
from sandbox.slack import NotOnScreenError
from sandbox.slack.form import STATE_KEYS

GATHER = 0.01
"""Seconds in which several rings become one drawing."""
CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain"}
STATIC = {path.name: path for path in (files("sandbox.page") / "static").iterdir()}
"""Every file that the page may ask for, by its name. Nothing comes from another server."""


class Page:
    """Adds the page to a sandbox; `watching` keeps an eye on the database meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._tabs: dict[str, Tab] = {}
        desk.sandbox.mounts.append(self._add_to)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.desk.ledger.watch())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _add_to(self, app: web.Application) -> None:
        @web.middleware
        async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self.desk.glass.watch(request, handler)

        app.middlewares.append(watched)
        app.router.add_get("/", self._show)
        app.router.add_get("/live", self._live)
        app.router.add_post("/act", self._act)
        app.router.add_get("/json/{number:\\d+}", self._json)
        app.router.add_get("/page/{name}", _file)

    async def _show(self, request: web.Request) -> web.Response:
        tab = Tab(self.desk.place(request.query))
        self._tabs[tab.id] = tab
        html = document(self.desk, tab, regions(self.desk, tab))
        return web.Response(text=html, content_type="text/html", headers=FRESH)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Everything once, and then each region when it looks different."""
        tab, desk = self._tab(request), self.desk
        stream = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", **FRESH})
        await stream.prepare(request)
        sent: dict[str, str] = {}
        try:
            while True:
                heard = desk.bell.rings
                drawn = regions(desk, tab)
                new = [partial(name, one) for name, one in drawn.items() if sent.get(name) != one]
                if new:
                    sent = drawn
                    await stream.write(_event("".join(new)))
                await desk.bell.after(heard)
                await asyncio.sleep(GATHER)
        except ConnectionResetError:
            return stream  # the browser has gone

    async def _act(self, request: web.Request) -> web.Response:
        tab = self._tab(request)
        sent: Any = await request.post()
        act = Act(self.desk, tab, sent)
        if sent.get("verb") not in VERBS:
            raise web.HTTPBadRequest
        if sent["verb"] not in QUIET:
            self.desk.forget_notices(tab.place.user)
        doing = asyncio.create_task(carry_out(act))
        await asyncio.sleep(0)
        self.desk.bell.ring()  # what the click itself did shows before the bot answers
        try:
            await doing
        except LateError:
            pass
        except NotOnScreenError as refusal:
            self.desk.person(tab.place.user).notices.append(str(refusal))
            self._redraw_field(tab, sent.get("field"))
        finally:
            self.desk.bell.ring()
        moved = {"HX-Push-Url": tab.place.link} if sent["verb"] == "go" else None
        return web.Response(status=204, headers=moved)

    def _redraw_field(self, tab: Tab, name: str | None) -> None:
        """The browser shows what the field did not take."""
        top = self.desk.sandbox.slack.views.screens[tab.place.user].top
        for field in top.form.fields if top and name else ():
            if field.key == key_of(name or "") and field.type in STATE_KEYS and top:
                whole = f"{top.id}.{name_of(field.key)}.{field.type}"
                tab.refuse(whole, top.form.value(field))

    async def _json(self, request: web.Request) -> web.Response:
        found = self.desk.glass.find(int(request.match_info["number"]))
        if found is None:
            raise web.HTTPNotFound
        return web.Response(text=str(panel.draw_json(found)), content_type="text/html")

    def _tab(self, request: web.Request) -> Tab:
        """The browser that asks. One that an earlier place served says where it is: its address."""
        name = request.query.get("tab", "")
        if name not in self._tabs:
            self._tabs[name] = Tab(self.desk.place(query_of(request.headers.get("Referer", ""))))
            self._tabs[name].id = name
        return self._tabs[name]


FRESH = {"Cache-Control": "no-store"}


async def _file(request: web.Request) -> web.Response:
    """A script's name carries its version, so that a browser may keep it."""
    file = STATIC.get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    suffix = PurePath(file.name).suffix
    headers = {"Cache-Control": "max-age=3600"} if suffix == ".js" else FRESH
    return web.Response(
        body=file.read_bytes(), content_type=CONTENT_TYPES[suffix], charset="utf-8", headers=headers
    )


def _event(text: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in text.replace("\r", "\n").split("\n"))
    return f"{lines}\n".encode()
