"""Stands before the handlers of an API: records every request, and lets trouble happen to it.

Nothing here knows either API: each brings the shape of its own error answers, as a function from
`Refused` to a response.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from sandbox.trouble import ABORTS, Fault, Trouble

SENTENCES = {
    "missing": "Required",
    "extra_forbidden": "Unknown key",
    "model_type": "Must be an object",
    "list_type": "Must be an array",
}
Handler = Callable[[web.Request], Awaitable[web.Response]]


class Refused(Exception):  # noqa: N818 - an answer, not a programming error
    """The API answers with this status; each API gives it its own body."""

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        errors: Mapping[str, list[str]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.errors = errors
        self.retry_after = retry_after


async def read_json(request: web.Request) -> Any:
    """The body, or `Refused` with 400; NaN and Infinity are not JSON."""
    try:
        return json.loads(await request.read(), parse_constant=_no_number)
    except ValueError:
        raise Refused(400, "The body is not JSON") from None


def complaints(invalid: ValidationError) -> Iterator[tuple[str, str]]:
    """Where and why, for each thing wrong; a list's member is named propertyIds.0."""
    for error in invalid.errors():
        message = SENTENCES.get(error["type"], error["msg"])
        yield ".".join(map(str, error["loc"])), message


@dataclass
class Recorded:
    """One request, from its arrival on; `status` is None until the answer, for ever if it is cut.

    `path` is below the API's base url. `body` is the JSON sent, None when it was not read or is not
    JSON. Headers are kept by name only, in lower case, and a password is blanked.
    """

    method: str
    path: str
    query: Mapping[str, str]
    at: float
    headers: frozenset[str]
    body: Any = None
    status: int | None = None


class Door:
    """Stands before an API's handlers: records, makes trouble, and turns `Refused` to answers."""

    def __init__(
        self,
        *,
        filing: str,
        clock: Callable[[], float],
        refusal: Callable[[Refused], web.Response],
    ) -> None:
        self.trouble = Trouble(filing)
        self.requests: list[Recorded] = []
        self._clock = clock
        self._refusal = refusal

    def wrap(self, handler: Handler, prefix: str) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            path = request.path.removeprefix(prefix)
            record = self._record(request, path)
            fault = self.trouble.pick(request.method, path)
            if fault is None or fault.kind != "down":
                record.body = _json(await request.read())
            answer = await self._answer(fault, request, handler)
            if answer is None:
                _abort(request)
                return web.Response()
            record.status = answer.status
            # By the stand-in's clock: a caller may measure other times of an answer by it.
            answer.headers["Date"] = formatdate(self._clock(), usegmt=True)
            return answer

        return guarded

    async def _answer(
        self, fault: Fault | None, request: web.Request, handler: Handler
    ) -> web.Response | None:
        """None stands for an aborted connection."""
        if fault is None:
            return await self._act(handler, request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.wait)
        outcome = await self._act(handler, request) if fault.carries_out else None
        if fault.kind in {"slow_after", "hang"}:
            await asyncio.sleep(fault.wait)
        return self._instead(fault, outcome)

    async def _act(self, handler: Handler, request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Refused as refused:
            return self._refuse(refused)

    def _instead(self, fault: Fault, outcome: web.Response | None) -> web.Response | None:
        if fault.kind in ABORTS | {"hang"}:
            return None
        if fault.kind.isdigit():
            return self._refuse(Refused(int(fault.kind), retry_after=fault.retry_after))
        if outcome is not None and (outcome.status >= 400 or fault.kind.startswith("slow")):
            return outcome
        if fault.kind == "html":
            page = "<!doctype html><title>Maintenance</title><h1>Back soon</h1>"
            return web.Response(text=page, content_type="text/html")
        if fault.kind == "empty":
            return web.Response(status=201)
        return web.json_response({"hello": 1}, status=201)

    def _refuse(self, refused: Refused) -> web.Response:
        answer = self._refusal(refused)
        if refused.retry_after is not None and refused.status in {429, 503}:
            answer.headers["Retry-After"] = str(refused.retry_after)
        return answer

    def _record(self, request: web.Request, path: str) -> Recorded:
        names = frozenset(name.lower() for name in request.headers)
        at = self._clock()
        record = Recorded(request.method, path, dict(request.query), at, names)
        self.requests.append(record)
        return record


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _no_number(name: str) -> None:
    raise ValueError(name)


def _json(body: bytes) -> Any:
    try:
        sent = json.loads(body)
    except ValueError:
        return None
    return {**sent, "password": "…"} if isinstance(sent, dict) and "password" in sent else sent
