"""A stand-in for Immoteur's public API, as strict as its documentation."""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from sandbox.catalogue import Catalogue, utc
from sandbox.fault_middleware import ApiError, FaultMiddleware, read_json, validation_errors
from sandbox.immoteur.links import listing_key
from sandbox.immoteur.rules import UUID, IssueReport

CONFIGURATION_URL = "https://immoteur.com/dashboard/settings/data-access"
TOKEN = "imt_sandbox"
WINDOW = 60
META = {
    "subscriptionPlan": "pro",
    "dataAccessLimit": {"departments": [], "sirens": [], "sirets": []},
}


@dataclass(frozen=True)
class Issue:
    """An accepted report, with the body exactly as it was sent."""

    body: dict[str, Any]
    report_id: str
    created_at: str


class Immoteur:
    """These attributes may be changed at any time. A refused request leaves nothing behind.

    known_ids_only     refuse ids that the catalogue does not hold; not documented
    classifieds_alone  read the prose: one target in either list is enough, without propertyIds
    configured         False answers 409 to everything but GET /auth
    rate_limit         requests in a window of 60 seconds, counted on `clock`; then 429

    Undocumented statuses: 400 for a body that is not JSON, 415 for another content type.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        token: str = TOKEN,
        listings: Catalogue | None = None,
        *,
        known_ids_only: bool = False,
        classifieds_alone: bool = False,
        rate_limit: int = 6000,
    ) -> None:
        self.listings = listings or Catalogue()
        self.issues: list[Issue] = []
        self.known_ids_only = known_ids_only
        self.classifieds_alone = classifieds_alone
        self.configured = True
        self.rate_limit = rate_limit
        self._clock = clock
        self._token = token
        self._window = (0, 0)
        self._middleware = FaultMiddleware(
            filing="POST /issues", clock=clock, error_shape=self._error_response
        )
        self.requests = self._middleware.requests
        self.faults = self._middleware.faults

    @cached_property
    def _by_url(self) -> dict[str, dict[str, Any]]:
        """The catalogue's classifieds, by their links' keys."""
        classifieds = self.listings.classifieds.values()
        return {listing_key(listing["source"]["url"]): listing for listing in classifieds}

    def add_routes(self, app: web.Application, prefix: str = "/immoteur/public/v1") -> None:
        """Answer everything below `prefix`; an unknown path gets 404."""
        for method, path, handler in (
            ("GET", "/auth", self._auth),
            ("POST", "/issues", self._create_issue),
            ("GET", "/classifieds/lookup", self._find_classified),
            ("GET", "/properties/lookup", self._find_property),
            ("GET", "/classifieds/{id}", self._get_classified),
            ("GET", "/properties/{id}", self._get_property),
            ("GET", "/properties/{id}/classifieds", self._list_classifieds),
            ("*", "/{tail:.*}", _not_found),
        ):
            app.router.add_route(method, prefix + path, self._middleware.wrap(handler, prefix))

    async def _auth(self, request: web.Request) -> web.Response:
        self._check_token(request)
        account = {
            "email": "sandbox@constat.example",
            "tokenName": "constat sandbox",
            "tokenCreatedAt": "2025-01-06T09:00:00.000Z",
        }
        return self._answer(200, account | {"meta": META})

    async def _create_issue(self, request: web.Request) -> web.Response:
        self._admit(request)
        if request.content_type != "application/json":
            raise ApiError(415, "The content type must be application/json")
        body = await read_json(request)
        self._check(body)
        issue = Issue(body, str(uuid.uuid4()), utc(self._clock()))
        self.issues.append(issue)
        return self._answer(201, {"createdAt": issue.created_at, "reportId": issue.report_id})

    async def _find_classified(self, request: web.Request) -> web.Response:
        self._admit(request)
        return self._answer(200, {"classified": self._by_link(request), "meta": META})

    async def _find_property(self, request: web.Request) -> web.Response:
        self._admit(request)
        home = self.listings.properties[self._by_link(request)["propertyId"]]
        return self._answer(200, {"property": home, "meta": META})

    async def _get_classified(self, request: web.Request) -> web.Response:
        self._admit(request)
        return self._answer(200, {"classified": _by_id(request, self.listings.classifieds)})

    async def _get_property(self, request: web.Request) -> web.Response:
        self._admit(request)
        return self._answer(200, {"property": _by_id(request, self.listings.properties)})

    async def _list_classifieds(self, request: web.Request) -> web.Response:
        self._admit(request)
        home = _by_id(request, self.listings.properties)
        listed = [self.listings.classifieds[listing["id"]] for listing in home["classifieds"]]
        return self._answer(200, {"classifieds": listed})

    def _check_token(self, request: web.Request) -> None:
        window = int(self._clock()) // WINDOW
        used = self._window[1] if self._window[0] == window else 0
        self._window = (window, used + 1)
        if used >= self.rate_limit:
            raise ApiError(429, "Too many requests", retry_after=self._reset())
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            raise ApiError(401, "The access token is missing or not valid")

    def _admit(self, request: web.Request) -> None:
        self._check_token(request)
        if not self.configured:
            raise ApiError(409)

    def _check(self, body: Any) -> None:
        errors: dict[str, list[str]] = {}
        try:
            report = IssueReport.model_validate(body)
        except ValidationError as invalid:
            for name, message in validation_errors(invalid):
                errors.setdefault(name or "body", []).append(message)
            raise ApiError(422, errors=errors) from None
        for name, message in (*report.broken_rules(), *self._target_errors(report)):
            errors.setdefault(name, []).append(message)
        if errors:
            raise ApiError(422, errors=errors)

    def _target_errors(self, report: IssueReport) -> Iterator[tuple[str, str]]:
        if not report.property_ids and not (self.classifieds_alone and report.classified_ids):
            yield "propertyIds", "At least one is required"
        if self.known_ids_only:
            for name, ids, known_ids in (
                ("propertyIds", report.property_ids, self.listings.properties),
                ("classifiedIds", report.classified_ids, self.listings.classifieds),
            ):
                for index, target in enumerate(ids):
                    if target.lower() not in known_ids:
                        yield f"{name}.{index}", "Unknown"

    def _by_link(self, request: web.Request) -> dict[str, Any]:
        link = request.query.get("url", "")
        if not 3 <= len(link) <= 2048:
            raise ApiError(422, errors={"url": ["From 3 to 2048 characters are required"]})
        try:
            listing = self._by_url.get(listing_key(link))
        except ValueError:
            raise ApiError(422, errors={"url": ["Not a link"]}) from None
        if listing is None:
            raise ApiError(404)
        return listing

    def _error_response(self, error: ApiError) -> web.Response:
        status = error.status
        if status in {403, 404}:
            return self._answer(status, None)
        if status >= 500:
            page = f"<!doctype html><title>{status}</title><h1>Something went wrong</h1>"
            return web.Response(status=status, text=page, content_type="text/html")
        body: dict[str, Any] = {"message": error.message or f"Error {status}"}
        if status == 409:
            body = {"message": "Data access is not configured"}
            body["configurationUrl"] = CONFIGURATION_URL
        if status == 422:
            body = {"errors": error.errors or {"propertyIds.0": ["Cannot be reported"]}}
        answer = self._answer(status, body)
        if status == 429 and error.retry_after is not None:
            answer.headers["RateLimit-Reset"] = str(error.retry_after)
            answer.headers["RateLimit-Remaining"] = "0"
        return answer

    def _reset(self) -> int:
        return WINDOW - int(self._clock()) % WINDOW

    def _answer(self, status: int, body: Any) -> web.Response:
        headers = {
            "RateLimit-Limit": str(self.rate_limit),
            "RateLimit-Remaining": str(max(0, self.rate_limit - self._window[1])),
            "RateLimit-Reset": str(self._reset()),
            "RateLimit-Policy": f"{self.rate_limit};w={WINDOW}",
        }
        if body is None:
            return web.Response(status=status, headers=headers)
        return web.json_response(body, status=status, headers=headers)


def _by_id(request: web.Request, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    id_ = request.match_info["id"].lower()
    if not re.fullmatch(UUID, id_):
        raise ApiError(422, errors={"id": ["Not a UUID"]})
    if id_ not in rows:
        raise ApiError(404)
    return rows[id_]


async def _not_found(_request: web.Request) -> web.Response:
    raise ApiError(404)
