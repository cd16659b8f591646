"""The log of requests and answers between Slack, the bot and the APIs."""

import itertools
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.page.change_event import ChangeEvent
from sandbox.slack import Ack, BotLink
from sandbox.slack.link import Kind, Retry

Json = dict[str, Any]
Party = Literal["slack", "immoteur", "kare", "bot"]
KEPT = 300
"""The number of exchanges kept; the oldest are dropped."""
SECRETS = frozenset({"password", "token", "accesstoken", "sessiontoken", "refreshtoken"})
PARTIES: dict[str, Party] = {"/slack/": "slack", "/immoteur/": "immoteur", "/kare/": "kare"}


@dataclass
class Exchange:
    """A request and its answer. `answer` and `status` are None until there is an answer.

    `at` is in UNIX seconds. `status` is an HTTP status, "cut", or the failure of an `Ack`.
    """

    number: int
    at: float
    caller: Party
    called: Party
    title: str
    request: Any
    answer: Any = None
    status: str | None = None
    milliseconds: float | None = None

    @property
    def succeeded(self) -> bool:
        refused = isinstance(self.answer, dict) and self.answer.get("ok") is False
        return self.status is not None and self.status.startswith("2") and not refused


class TrafficLog:
    """Keeps the last exchanges, with secrets masked and without headers."""

    def __init__(self, changes: ChangeEvent, clock: Callable[[], float]) -> None:
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._changes = changes
        self._clock = clock
        self._numbers = itertools.count(1)

    def find(self, number: int) -> Exchange | None:
        return next((logged for logged in self.exchanges if logged.number == number), None)

    def begin(self, caller: Party, called: Party, title: str, request: Any) -> "PendingExchange":
        exchange = Exchange(
            next(self._numbers), self._clock(), caller, called, title, masked(request)
        )
        self.exchanges.append(exchange)
        self._changes.notify()
        return PendingExchange(exchange, self._changes)

    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Log the bot's calls of Slack's Web API and of the two APIs."""
        called = next(
            (party for prefix, party in PARTIES.items() if request.path.startswith(prefix)), None
        )
        if called is None or request.path.startswith("/slack/socket"):
            return await handler(request)
        _, _, path = request.path.lstrip("/").partition("/")
        title = path if called == "slack" else f"{request.method} /{path}"
        pending = self.begin("bot", called, title.removeprefix("api/"), await _body(request))
        try:
            response = await handler(request)
        except BaseException:  # a caller that disconnects cancels the handler
            pending.end("cut", None)
            raise
        cut = request.transport is None or request.transport.is_closing()
        answer = _answer(response) if isinstance(response, web.Response) else None
        pending.end("cut" if cut else str(response.status), None if cut else answer)
        return response


class PendingExchange:
    """An exchange that waits for its answer."""

    def __init__(self, exchange: Exchange, changes: ChangeEvent) -> None:
        self._exchange = exchange
        self._changes = changes
        self._started = time.perf_counter()

    def end(self, status: str, answer: Any) -> None:
        self._exchange.milliseconds = (time.perf_counter() - self._started) * 1000
        self._exchange.status = status
        self._exchange.answer = masked(answer)
        self._changes.notify()


class LoggedBotLink(BotLink):
    """A link to the bot whose deliveries are logged. `late` drops the bot's answers.

    With `late` the bot does its work, but Slack behaves as if the answer took more than 3 seconds.
    """

    def __init__(self, traffic: TrafficLog, base_url: str) -> None:
        super().__init__(base_url)
        self.late = False
        self._traffic = traffic

    async def deliver(
        self, kind: Kind, payload: Json, ack_timeout: float, retry: Retry | None = None
    ) -> Ack:
        event = payload.get("event") or {}
        title = str(payload.get("command") or event.get("type") or payload.get("type"))
        pending = self._traffic.begin("slack", "bot", title, payload)
        ack = await super().deliver(kind, payload, ack_timeout, retry)
        if self.late and ack.ok:
            ack = Ack(failure="timeout")
        pending.end("200" if ack.ok else str(ack.failure), ack.body)
        return ack


def masked(value: Any) -> Any:
    """A copy with secrets masked, although the secrets of a sandbox open nothing."""
    if isinstance(value, dict):
        return {
            name: "…" if name.lower() in SECRETS and inner else masked(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return value


async def _body(request: web.Request) -> Any:
    """The body of a request. The bytes of a file are left to the handler."""
    if request.can_read_body and not _is_text(request.content_type):
        return f"{request.content_length or 0:,} bytes of {request.content_type}"
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        pairs = parse_qsl(text, keep_blank_values=True)
        return {name: _decoded(value) for name, value in pairs}
    return _decoded(text) if text else dict(request.query)


def _answer(response: web.Response) -> Any:
    if response.body and not _is_text(response.content_type):
        return f"{response.content_length or 0:,} bytes of {response.content_type}"
    return _decoded(response.text)


def _is_text(content_type: str) -> bool:
    kind, _, form = content_type.partition("/")
    return kind == "text" or form in {"json", "xml", "x-www-form-urlencoded", "octet-stream"}


def _decoded(text: str | None) -> Any:
    """The value of JSON; any other text as it is."""
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
