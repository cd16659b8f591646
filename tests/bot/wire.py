"""An API at the other end of the wire, as a table of answers, and what it was asked."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from aiohttp import web

Answering = Callable[[httpx.Request], httpx.Response]


class Wire:
    """Answers in order, the last one for ever; an exception is raised as the transport would."""

    def __init__(self, *answers: httpx.Response | Exception | Answering) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def client(self, url: str = "https://api.example/base/") -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=url, transport=httpx.MockTransport(self._answer))

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.requests]

    @property
    def bodies(self) -> list[Any]:
        return [
            json.loads(request.content) if request.content else None for request in self.requests
        ]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return answer(request)


def app_with(api: Any) -> web.Application:
    """A stand-in's routes, to be served."""
    app = web.Application()
    api.add_routes(app)
    return app
