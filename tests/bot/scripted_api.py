"""An Immoteur that answers reports as a test says, to the byte."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import Clock
from sandbox.immoteur.api import TOKEN
from sandbox.server import serve
from tests.world import ID, World, world


@dataclass(frozen=True)
class Scripted:
    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


FILED = Scripted(201, f'{{"reportId": "{ID}", "createdAt": "2026-01-02T03:04:05Z"}}')
TAKEN = Scripted(200, "{}")


class ScriptedImmoteur:
    """Answers `POST /issues` in order, the last answer for ever; `GET /auth` says that all is well.

    :param clock: gives the times in `posts`
    """

    def __init__(self, *answers: Scripted, clock: Clock | None = None) -> None:
        self.answers = list(answers)
        self.auth = TAKEN
        self.posts: list[float] = []
        self._clock = clock or Clock()

    @property
    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("POST", "/v1/issues", self._issue)
        app.router.add_route("GET", "/v1/auth", self._who)
        return app

    async def _issue(self, request: web.Request) -> web.Response:
        await request.read()
        self.posts.append(self._clock.monotonic())
        return _response(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    async def _who(self, _: web.Request) -> web.Response:
        return _response(self.auth)


def _response(answer: Scripted) -> web.Response:
    headers = {"Content-Type": "application/json", **answer.headers}
    return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)


@asynccontextmanager
async def world_with(
    folder: Path, api: ScriptedImmoteur, *, clock: Clock | None = None, **more: Any
) -> AsyncIterator[World]:
    """A running bot whose Immoteur is `api`."""
    async with serve(api.app) as url:
        settings = {"IMMOTEUR_API_URL": f"{url}/v1", "IMMOTEUR_TOKEN": TOKEN}
        async with world(folder, clock=clock, settings=settings, **more) as bot:
            yield bot
