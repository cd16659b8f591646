"""A served workspace whose clock stands still, its client, and a bot written for each test."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import BotLink, Person, Slack, seed
from sandbox.slack.seed import ALICE

Json = dict[str, Any]
T0 = 1_800_000_000.0


class Clock:
    """UNIX seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> float:
        return self.now


class Bot:
    """A bot that does what `answer` says, and keeps every form it was sent, with its headers."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Callable[[Json], Any] = lambda _payload: None
        self.delay = 0.0

    @property
    def payloads(self) -> list[Json]:
        return [json.loads(form["payload"]) for form in self.forms if "payload" in form]

    async def serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        self.forms.append(dict(parse_qsl(body.decode(), keep_blank_values=True)))
        await asyncio.sleep(self.delay)
        answer = self.answer(self.payloads[-1] if "payload" in self.forms[-1] else self.forms[-1])
        if answer is None:
            return web.Response()
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Slack]:
    slack = Slack(seed(clock=clock))
    async with slack.serve():
        yield slack


@pytest.fixture
async def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.workspace.app.bot_token, base_url=slack.api_url)


@pytest.fixture
async def bot() -> Bot:
    return Bot()


@pytest.fixture
async def link(bot: Bot) -> AsyncIterator[BotLink]:
    app = web.Application()
    app.router.add_post("/slack/events", bot.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield BotLink(f"http://127.0.0.1:{runner.addresses[0][1]}")
    await runner.cleanup()


@pytest.fixture
async def alice(slack: Slack, link: BotLink) -> Person:
    return Person(slack, ALICE, link)
