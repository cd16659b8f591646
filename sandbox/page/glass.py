"""The other side of the glass: every request and answer between Slack, the bot and the APIs."""

import itertools
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.page.bell import Bell
from sandbox.slack import Ack, BotLink
from sandbox.slack.link import Kind

Json = dict[str, Any]
Party = Literal["slack", "immoteur", "kare", "bot"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEPT = 300
"""Exchanges; older ones are forgotten."""
SECRETS = frozenset({"password", "token", "accesstoken", "sessiontoken", "refreshtoken"})
PARTIES: dict[str, Party] = {"/slack/": "slack", "/immoteur/": "immoteur", "/kare/": "kare"}


@dataclass
class Exchange:
    """One request and its answer. `answer` and `status` stay None until there is one."""

    number: int
    at: float
    caller: Party
    called: Party
    what: str
    sent: Any
    answer: Any = None
    status: str | None = None
    milliseconds: float | None = None

    @property
    def went_well(self) -> bool:
        refused = isinstance(self.answer, dict) and self.answer.get("ok") is False
        return self.status is not None and self.status.startswith("2") and not refused


class Glass:
    """Keeps the last exchanges, secrets blanked. Headers are not kept."""

    def __init__(self, bell: Bell, clock: Callable[[], float]) -> None:
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._bell = bell
        self._clock = clock
        self._numbers = itertools.count(1)

    def find(self, number: int) -> Exchange | None:
        return next((one for one in self.exchanges if one.number == number), None)

    def begin(self, caller: Party, called: Party, what: str, sent: Any) -> "Running":
        exchange = Exchange(next(self._numbers), self._clock(), caller, called, what, blanked(sent))
        self.exchanges.append(exchange)
        self._bell.ring()
        return Running(exchange, self._bell)

    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """As a middleware: what the bot asks of Slack's Web API and of the two APIs."""
        called = next((one for path, one in PARTIES.items() if request.path.startswith(path)), None)
        if called is None or request.path.startswith("/slack/socket"):
            return await handler(request)
        _, _, path = request.path.lstrip("/").partition("/")
        what = path if called == "slack" else f"{request.method} /{path}"
        running = self.begin("bot", called, what.removeprefix("api/"), await _sent(request))
        try:
            response = await handler(request)
        except BaseException:  # a caller that leaves ends it by cancelling
            running.end("cut", None)
            raise
        cut = request.transport is None or request.transport.is_closing()
        answer = _readable(response.text) if isinstance(response, web.Response) else None
        running.end("cut" if cut else str(response.status), None if cut else answer)
        return response


class Running:
    """An exchange whose answer is awaited."""

    def __init__(self, exchange: Exchange, bell: Bell) -> None:
        self._exchange = exchange
        self._bell = bell
        self._since = time.perf_counter()

    def end(self, status: str, answer: Any) -> None:
        self._exchange.milliseconds = (time.perf_counter() - self._since) * 1000
        self._exchange.status = status
        self._exchange.answer = blanked(answer)
        self._bell.ring()


class WatchedLink(BotLink):
    """Slack's way to the bot, seen through the glass. `late` loses the bot's answers.

    A bot that takes more than 3 seconds has done its work all the same: only nobody waited.
    """

    glass: Glass | None = None
    late = False

    async def deliver(self, kind: Kind, payload: Json, patience: float) -> Ack:
        what = str(payload.get("command") or payload.get("type"))
        running = self.glass.begin("slack", "bot", what, payload) if self.glass else None
        ack = await super().deliver(kind, payload, patience)
        if self.late and ack.ok:
            ack = Ack(failure="timeout")
        if running:
            running.end("200" if ack.ok else str(ack.failure), ack.body)
        return ack


def blanked(value: Any) -> Any:
    """A copy without what opens something, even if here it opens nothing."""
    if isinstance(value, dict):
        return {
            name: "…" if name.lower() in SECRETS and one else blanked(one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [blanked(one) for one in value]
    return value


async def _sent(request: web.Request) -> Any:
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        return {name: _readable(one) for name, one in parse_qsl(text, keep_blank_values=True)}
    return _readable(text) if text else dict(request.query)


def _readable(text: str | None) -> Any:
    """JSON as what it says, and everything else as it is."""
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
