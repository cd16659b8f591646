"""The Bolt app: the same for HTTP and Socket Mode."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.kare.form_data import AnomalyFormData
from bot.kinds import Kind
from bot.listeners import drafts, form_actions, opening, options, receipt_actions, submissions
from bot.services import Services

log = logging.getLogger(__name__)


def build_app(services: Services, kinds: list[Kind]) -> AsyncApp:
    """An app whose answers are ready when its listeners are: Bolt polls for nothing.

    Signatures are checked in front of it (`bot.http`), or the connection is Slack's own (Socket
    Mode); auth.test is asked at the start, and never while a person waits.
    """
    ours = services.client
    # Without a token Bolt asks `authorize`, and not Slack, who it is.
    bolts = AsyncWebClient(base_url=ours.base_url, session=ours.session, retry_handlers=[])

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=ours.token)

    app = AsyncApp(
        client=bolts,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    # Bolt asks one listener after another; who sends a form waits for the disk as well.
    for kind in kinds:
        submissions.register(app, kind, services)
    for kind in kinds:
        opening.register(app, kind, services)
        form_actions.register(app, kind, services)
        if isinstance(kind.form_data, AnomalyFormData):
            options.register(app, kind, kind.form_data, services)
            drafts.register(app, kind, kind.form_data, services)
    receipt_actions.register(app, {kind.name: kind for kind in kinds}, services)
    app.error(_failed)
    return app


async def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Slack shows its own notice, with the form still open; the operator gets the traceback."""
    what = body.get("type") or body.get("command") or "a request"
    log.error("%s could not be answered", what, exc_info=error)
    return BoltResponse(status=500, body="")
