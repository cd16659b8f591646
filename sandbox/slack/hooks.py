"""Response URLs. They need no token, and reach conversations that the bot is not in.

Source: https://docs.slack.dev/interactivity/handling-user-interaction.
"""

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.slack.blockkit import check_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.form import completed
from sandbox.slack.triggers import ResponseUrl

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
NOT_FOUND = {"no_such_url", "expired_url", "used_url"}


async def respond(slack: "Slack", request: web.Request) -> web.Response:
    """Post the message in the body: to one person, unless response_type is in_channel."""
    try:
        url = slack.triggers.response_url(request.match_info["secret"])
        body = _body(await request.text())
        _apply(slack, url, body)
    except SlackError as error:
        status = 404 if error.error in NOT_FOUND else 400
        return web.json_response(error.body(), status=status)
    return web.Response(text="ok")


def _body(text: str) -> Json:
    try:
        body = json.loads(text)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    if body.get("delete_original"):
        return body
    check_blocks(body.get("blocks") or [])
    if not body.get("text") and not body.get("blocks"):
        raise SlackError("no_text")
    return {**body, "blocks": completed(body.get("blocks") or [])}


def _apply(slack: "Slack", url: ResponseUrl, body: Json) -> None:
    workspace = slack.workspace
    if body.get("replace_original") or body.get("delete_original"):
        _forget_source(slack, url)
    if body.get("delete_original"):
        return
    if body.get("response_type") == "in_channel":
        workspace.post(url.channel, body, thread_ts=body.get("thread_ts"))
    else:
        workspace.add_ephemeral(url.user, url.channel, body)


def _forget_source(slack: "Slack", url: ResponseUrl) -> None:
    workspace = slack.workspace
    workspace.ephemerals = [shown for shown in workspace.ephemerals if shown.ts != url.source_ts]
    source = workspace.messages[url.channel].get(url.source_ts or "")
    if source is not None and source.bot_id == workspace.app.bot_id:
        workspace.delete(url.channel, source.ts)
