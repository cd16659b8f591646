"""The Bolt app: it hands Slack's requests to the listeners, and times the answers."""

import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.kind import AnyKind
from bot.metrics import SLACK_ANSWERS
from bot.services import Services
from bot.slack.payloads import MalformedPayloadError

log = logging.getLogger(__name__)

TYPES = frozenset(
    {
        "block_actions",
        "block_suggestion",
        "event_callback",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    }
)
"""The types of payloads that have a time series of their own."""
DROPS_EVENTS = "app_rate_limited"
"""The type of Slack's notice that it drops events for a while. It is no event, so no listener of
Bolt's can take it. A middleware could, but would run for every request.
"""


class TimedApp(AsyncApp):
    """Times each answer, whichever way the request came."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # Prometheus counts from a series' first value on. A series that begins with a slow answer
        # would never show it.
        for name in TYPES | {"command"}:
            SLACK_ANSWERS.labels(name, "200")

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        began, status = time.perf_counter(), "error"
        try:
            response = await self._answer(req)
            status = str(response.status)
            return response
        finally:
            labels = SLACK_ANSWERS.labels(payload_type(req.body), status)
            labels.observe(time.perf_counter() - began)

    async def _answer(self, request: AsyncBoltRequest) -> BoltResponse:
        if request.body.get("type") == DROPS_EVENTS:
            log.warning("Slack sends too many events, and drops some for a minute")
            return BoltResponse(status=200, body="")
        response: BoltResponse = await super().async_dispatch(request)
        return response


def payload_type(body: Mapping[str, Any]) -> str:
    """`command`, one of `TYPES`, or `other`."""
    if "command" in body:
        return "command"
    name = body.get("type")
    return name if isinstance(name, str) and name in TYPES else "other"


def build_app(services: Services, kinds: Mapping[str, AnyKind]) -> AsyncApp:
    """A Bolt app. A listener's answer is ready when the listener is, so Bolt polls for nothing.

    Signatures are checked before it (`bot.http`), or the connection is Slack's own (Socket Mode).
    `auth.test` is called at the start, and never while a person waits.
    """
    ours = services.client
    # Without a token Bolt asks `authorize`, and not Slack, who it is.
    bolts = AsyncWebClient(base_url=ours.base_url, session=ours.session, retry_handlers=[])

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=ours.token)

    app = TimedApp(
        name="constat",  # without it Bolt reads the source files of every caller to find one
        client=bolts,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    listeners.register(app, kinds, services)
    app.error(_failed)
    return app


async def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Slack shows its own notice, with the form still open; the operator gets the traceback."""
    request_type = body.get("type") or body.get("command") or "a request"
    if isinstance(error, MalformedPayloadError):
        log.info(
            "rejected a request that is not of Slack's shape",
            extra={"request": request_type, "why": error},
        )
        return BoltResponse(status=400, body="")
    log.error("a request could not be answered", extra={"request": request_type}, exc_info=error)
    return BoltResponse(status=500, body="")
