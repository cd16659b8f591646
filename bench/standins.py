"""Slack and Immoteur in another process. They answer at once, or after so many seconds.

Unlike the sandbox's these check nothing: under load they must cost as little as possible. They note
the time of each request by the name of its subject: seconds of `time.perf_counter`, which all
processes of one machine share on Linux.

    GET /bench/seen                what came, and forgets it
    GET /bench/delay/SECONDS       how long Immoteur takes from now on
"""

import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]
FILED = "f11ed000"
"""Begins the id of every report that was filed here; the rest is its property's."""
_FILED = re.compile(rb"f11ed000-[0-9a-f-]{27}")


@dataclass
class Seen:
    opened: dict[str, float] = field(default_factory=dict)
    """By trigger id."""
    drawn: dict[str, float] = field(default_factory=dict)
    """By view id."""
    came: dict[str, float] = field(default_factory=dict)
    """Reports, by property id."""
    answered: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    """Messages that name a filed report, by its property id."""
    published: dict[str, float] = field(default_factory=dict)
    """Homes, by user id."""


class StandIns:
    def __init__(self) -> None:
        self.seen = Seen()
        self.delay = 0.0
        self._numbers = itertools.count(1)
        self._slack: dict[str, Callable[[bytes, float], Json]] = {
            "auth.test": lambda *_: {"team": "bench", "user": "constat"},
            "users.info": lambda *_: {"user": {"locale": "en-US"}},
            "views.open": self._open,
            "views.update": self._draw,
            "views.publish": self._publish,
            "chat.postMessage": self._say,
            "chat.update": self._say,
        }

    async def answer(self, request: web.BaseRequest) -> web.Response:
        at = time.perf_counter()
        path = request.path
        if path.startswith("/slack/api/"):
            body = self._slack[path.rpartition("/")[2]](await request.read(), at)
            return _json({"ok": True, **body})
        if path.endswith("/issues"):
            return await self._file(await request.read(), at)
        if path == "/bench/seen":
            seen, self.seen = self.seen, Seen()
            return _json(vars(seen))
        if path.startswith("/bench/delay/"):
            self.delay = float(path.rpartition("/")[2])
        return _json({})

    async def _file(self, content: bytes, at: float) -> web.Response:
        home = json.loads(content)["propertyIds"][0]
        self.seen.came[home] = at
        if self.delay:
            await asyncio.sleep(self.delay)
        self.seen.answered[home] = time.perf_counter()
        body = {"reportId": FILED + home[8:], "createdAt": "2026-11-21T10:00:00.000Z"}
        return _json(body, status=201)

    def _open(self, content: bytes, at: float) -> Json:
        self.seen.opened[json.loads(content)["trigger_id"]] = at
        return {"view": {"id": f"V1{next(self._numbers):09d}", "hash": "1.bench"}}

    def _draw(self, content: bytes, at: float) -> Json:
        self.seen.drawn.setdefault(json.loads(content)["view_id"], at)
        return {"view": {"hash": "2.bench"}}

    def _publish(self, content: bytes, at: float) -> Json:
        self.seen.published[json.loads(content)["user_id"]] = at
        return {"view": {"hash": "3.bench"}}

    def _say(self, content: bytes, at: float) -> Json:
        if filed := _FILED.search(content):
            self.seen.told.setdefault(filed[0].decode()[8:], at)
        arguments = json.loads(content)
        ts = f"17{next(self._numbers):08d}.000001"
        message = {"ts": ts, "thread_ts": arguments.get("thread_ts")}
        return {"channel": arguments["channel"], "ts": arguments.get("ts", ts), "message": message}


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json"
    )


async def _serve(port: int) -> None:
    runner = web.ServerRunner(web.Server(StandIns().answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
