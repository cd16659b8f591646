"""Wraps the handlers of an API: records every request, and carries out the faults switched on.

Nothing here is specific to one API. Each API gives the shape of its own error answers, as a
function from `ApiError` to a response.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from sandbox.faults import ABORTS, Answer, ApiFault, ApiFaults

SENTENCES = {
    "missing": "Required",
    "extra_forbidden": "Unknown key",
    "model_type": "Must be an object",
    "list_type": "Must be an array",
}
CANNED = {
    "html": Answer(
        200,
        b"<!doctype html><title>Maintenance</title><h1>Back soon</h1>",
        (("Content-Type", "text/html; charset=utf-8"),),
    ),
    "empty": Answer(201),
    "nonsense": Answer(201, b'{"hello": 1}'),
}
"""The answers of the faults that answer, by kind."""
Handler = Callable[[web.Request], Awaitable[web.Response]]


class ApiError(Exception):
    """The API answers with this status. Each API gives it a body of its own shape.

    `errors` are sentences by field, for a 422; `retry_after` is in seconds.
    """

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
    """The body of a request. NaN and Infinity are not JSON.

    :raises ApiError: 400 for a body that is not JSON
    """
    try:
        return json.loads(await request.read(), parse_constant=_refuse_constant)
    except ValueError:
        raise ApiError(400, "The body is not JSON") from None


def validation_errors(invalid: ValidationError) -> Iterator[tuple[str, str]]:
    """The field and the sentence of each error; a list's member is named like propertyIds.0."""
    for error in invalid.errors():
        message = SENTENCES.get(error["type"], error["msg"])
        yield ".".join(map(str, error["loc"])), message


@dataclass
class RecordedRequest:
    """One request. `status` is None until it is answered, and stays None if it is cut.

    `path` is below the API's base url. `body` is the JSON that was sent, or None when it was not
    read or is not JSON. `at` is in UNIX seconds. Only the names of headers are kept, in lower case,
    and a password is blanked.
    """

    method: str
    path: str
    query: Mapping[str, str]
    at: float
    headers: frozenset[str]
    body: Any = None
    status: int | None = None


class FaultMiddleware:
    """Records each request in `requests`, carries out `faults`, turns `ApiError` into an answer.

    :param filing: the request that files a report, such as "POST /issues"
    """

    def __init__(
        self,
        *,
        filing: str,
        clock: Callable[[], float],
        error_shape: Callable[[ApiError], web.Response],
    ) -> None:
        self.faults = ApiFaults(filing)
        self.requests: list[RecordedRequest] = []
        self._clock = clock
        self._error_shape = error_shape

    def wrap(self, handler: Handler, prefix: str) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            path = request.path.removeprefix(prefix)
            record = self._record(request, path)
            fault = self.faults.pick(request.method, path)
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

        return handle

    async def _answer(
        self, fault: ApiFault | None, request: web.Request, handler: Handler
    ) -> web.Response | None:
        """The answer; None for a connection to be aborted."""
        if fault is None:
            return await self._handle(handler, request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.wait)
        outcome = await self._handle(handler, request) if fault.carries_out else None
        if fault.kind in {"slow_after", "hang"}:
            await asyncio.sleep(fault.wait)
        return self._faulty_response(fault, outcome)

    async def _handle(self, handler: Handler, request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except ApiError as error:
            return self._error_response(error)

    def _faulty_response(
        self, fault: ApiFault, outcome: web.Response | None
    ) -> web.Response | None:
        if fault.kind in ABORTS | {"hang"}:
            return None
        if fault.kind.isdigit():
            return self._error_response(ApiError(int(fault.kind), retry_after=fault.retry_after))
        if outcome is not None and (outcome.status >= 400 or fault.kind.startswith("slow")):
            return outcome
        return _response(fault.answer or CANNED[fault.kind])

    def _error_response(self, error: ApiError) -> web.Response:
        answer = self._error_shape(error)
        if error.retry_after is not None and error.status in {429, 503}:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    def _record(self, request: web.Request, path: str) -> RecordedRequest:
        names = frozenset(name.lower() for name in request.headers)
        at = self._clock()
        record = RecordedRequest(request.method, path, dict(request.query), at, names)
        self.requests.append(record)
        return record


def _response(answer: Answer) -> web.Response:
    """An answer with a body is JSON, unless its headers give another type."""
    json_type = {"Content-Type": "application/json"} if answer.body else {}
    headers = {**json_type, **dict(answer.headers)}
    return web.Response(body=answer.body or None, status=answer.status, headers=headers)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _json(body: bytes) -> Any:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return {**value, "password": "…"} if isinstance(value, dict) and "password" in value else value
