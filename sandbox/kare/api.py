"""A stand-in for KARE's API, as strict as its documentation, behind an AWS-like gateway."""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from sandbox.catalogue import Catalogue, utc
from sandbox.fault_middleware import ApiError, FaultMiddleware, read_json, validation_errors
from sandbox.kare.images import IMAGES, UPLOADS, Image, Images
from sandbox.kare.rules import BIGGEST, Anomaly, Credentials
from sandbox.kare.sessions import Sessions, Tokens

EMAIL = "sandbox@constat.example"
PASSWORD = "sandbox-password"
MESSAGES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal server error",
    502: "Internal server error",
    503: "Service Unavailable",
    504: "Endpoint request timed out",
}


ANOMALIES = TypeAdapter(list[Anomaly])
CREDENTIALS = TypeAdapter(Credentials)


@dataclass(frozen=True)
class SavedAnomaly:
    """A created anomaly, with the body exactly as it was sent."""

    id: int
    report_id: int
    body: dict[str, Any]
    created_at: str


class Kare:
    """These attributes may be changed at any time. A refused request leaves nothing behind.

    known_ids_only  refuse reports, sites and installations that the catalogue does not hold, and an
                    installation that is not on the site; not documented
    insert_only     save only this many of each array; nbInsertion is that number
    login_refused   refuse the right password too
    refusal_status  the status for a wrong token or password: 401, or 403 as some gateways answer
    opaque_session  new session tokens are not JWTs
    release         2 gives anomalies a `ref` and makes their `location` a string
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        email: str = EMAIL,
        password: str = PASSWORD,
        buildings: Catalogue | None = None,
        *,
        known_ids_only: bool = False,
    ) -> None:
        self.buildings = buildings or Catalogue()
        self.anomalies: list[SavedAnomaly] = []
        self.images = Images(clock)
        self.logins = 0
        self.known_ids_only = known_ids_only
        self.insert_only: int | None = None
        self.login_refused = False
        self.refusal_status = 401
        self.opaque_session = False
        self.release: Literal[1, 2] = 1
        self._clock = clock
        self._credentials = Credentials(email=email, password=password)
        self._sessions = Sessions(clock, email)
        self._middleware = FaultMiddleware(
            filing="POST /anomalies/v2/rs/reports/", clock=clock, error_shape=self._error_response
        )
        self.requests = self._middleware.requests
        self.faults = self._middleware.faults

    def add_routes(self, app: web.Application, prefix: str = "/kare/main") -> None:
        """Answer everything below `prefix`; an unknown path gets 404."""
        self._base_path = prefix
        # Outside of the API: an object store.
        app.router.add_put(f"{prefix}{UPLOADS}{{secret}}", self.images.put)
        for method, path, handler in (
            ("POST", "/auth/v1/rs/login/credentials", self._login),
            ("POST", "/anomalies/v2/rs/reports/{report_id}/nonconformity", self._create),
            ("GET", "/establishments/v2/rs", self._list_establishments),
            ("GET", "/sites-technical-installations/v1/rs", self._list_installations),
            ("GET", "/commissions/v2/rs", self._list_commissions),
            ("GET", "/anomalies/v3/rs", self._list_anomalies),
            ("POST", "/anomalies/v2/rs/{anomaly_id}/images", self._add_images),
            ("*", "/{tail:.*}", _not_found),
        ):
            app.router.add_route(method, prefix + path, self._middleware.wrap(handler, prefix))

    def issue_tokens(self) -> Tokens:
        """A pair of tokens that works for 24 hours on `clock`, or until `revoke`."""
        return self._sessions.open(opaque=self.opaque_session)

    def revoke(self) -> None:
        """Refuse every token issued so far."""
        self._sessions.close_all()

    async def _login(self, request: web.Request) -> web.Response:
        credentials: Credentials = await _validated(request, CREDENTIALS)
        if self.login_refused or credentials != self._credentials:
            raise ApiError(self.refusal_status)
        self.logins += 1
        tokens = self.issue_tokens()
        data = {
            "accessToken": tokens.access,
            "refreshToken": secrets.token_urlsafe(24),
            "sessionToken": tokens.session,
        }
        return web.json_response({"data": data}, status=201)

    async def _create(self, request: web.Request) -> web.Response:
        self._admit(request)
        report_id = _number(request.match_info["report_id"], "reportId")
        anomalies: list[Anomaly] = await _validated(request, ANOMALIES)
        if self.known_ids_only:
            self._check_ids(report_id, anomalies)
        bodies = (await read_json(request))[: self.insert_only]
        for body in bodies:
            number = 900_001 + len(self.anomalies)
            self.anomalies.append(SavedAnomaly(number, report_id, body, utc(self._clock())))
        return web.json_response({"nbInsertion": len(bodies)}, status=201)

    async def _add_images(self, request: web.Request) -> web.Response:
        self._admit(request)
        anomaly_id = _number(request.match_info["anomaly_id"], "anomalyId")
        images: list[Image] = await _validated(request, IMAGES)
        listed = {row["id"] for row in self.buildings.anomalies}
        if anomaly_id not in listed | {saved.id for saved in self.anomalies}:
            raise ApiError(404, "Anomaly not found")
        base = f"{request.url.origin()}{self._base_path}"
        uploads = self.images.add(anomaly_id, images, base)
        return web.json_response({"uploads": uploads}, status=201)

    def _check_ids(self, report_id: int, anomalies: list[Anomaly]) -> None:
        if report_id not in self.buildings.report_ids:
            raise ApiError(404, "Report not found")
        for index, anomaly in enumerate(anomalies):
            if (anomaly.site_id, anomaly.technical_installation_id) not in self.buildings.present:
                raise ApiError(400, f"{index}: no such installation on this site")

    async def _list_establishments(self, request: web.Request) -> web.Response:
        return self._page(request, self.buildings.establishments)

    async def _list_installations(self, request: web.Request) -> web.Response:
        return self._page(request, self.buildings.installations)

    async def _list_commissions(self, request: web.Request) -> web.Response:
        return self._page(request, self.buildings.commissions)

    async def _list_anomalies(self, request: web.Request) -> web.Response:
        newest_first = [_row(saved) for saved in reversed(self.anomalies)]
        rows = [*newest_first, *self.buildings.anomalies]
        return self._page(
            request, [_second_release(r) for r in rows] if self.release == 2 else rows
        )

    def _admit(self, request: web.Request) -> None:
        scheme, _, access = request.headers.get("Authorization", "").partition(" ")
        tokens = Tokens(access, request.headers.get("X-Session-Token", ""))
        if scheme != "Bearer" or not self._sessions.is_open(tokens):
            raise ApiError(self.refusal_status)

    def _page(self, request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
        self._admit(request)
        page, size = _count(request, "page", 1), _count(request, "pageSize", 50)
        start = (page - 1) * size
        return web.json_response(
            {
                "data": rows[start : start + size],
                "totalCount": len(rows),
                "pagination": {"page": page, "pageSize": size},
            }
        )

    def _error_response(self, error: ApiError) -> web.Response:
        message = error.message or MESSAGES.get(error.status, "Bad Request")
        return web.json_response({"message": message}, status=error.status)


async def _not_found(_request: web.Request) -> web.Response:
    raise ApiError(404)


async def _validated(request: web.Request, kind: TypeAdapter[Any]) -> Any:
    if request.headers.get("Content-Type") != "application/json":
        raise ApiError(415, "Unsupported Media Type")
    body = await read_json(request)
    try:
        return kind.validate_python(body)
    except ValidationError as invalid:
        message = "; ".join(": ".join(filter(None, error)) for error in validation_errors(invalid))
        raise ApiError(400, message) from None


def _number(text: str, name: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,16}", text) or abs(int(text)) > BIGGEST:
        raise ApiError(400, f"{name}: must be an integer")
    return int(text)


def _count(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise ApiError(400, f"{name}: must be a positive integer")
    return int(text)


def _row(saved: SavedAnomaly) -> dict[str, Any]:
    return {
        "id": saved.id,
        **saved.body,
        "reportId": saved.report_id,
        "createdAt": saved.created_at,
    }


def _second_release(row: dict[str, Any]) -> dict[str, Any]:
    place = ", ".join(row.get("location", {}).values())
    return row | {"ref": f"NC-{row['id']}", "location": place}
