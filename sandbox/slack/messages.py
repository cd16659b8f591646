"""A message as Slack sends it: in answers, in message shortcuts, in block_actions."""

from typing import Any

from sandbox.slack.model import Message
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]


def message_json(space: Workspace, message: Message) -> Json:
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": space.team.id,
    }
    if message.bot_id is None:
        body["client_msg_id"] = f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"
    else:
        body |= {"bot_id": message.bot_id, "app_id": space.app.id, "bot_profile": _profile(space)}
    if message.blocks:
        body["blocks"] = list(message.blocks)
    if message.attachments:
        body["attachments"] = list(message.attachments)
    if message.metadata:
        body["metadata"] = message.metadata
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    replies = [one for one in space.thread(message.channel, message.ts) if one.ts != message.ts]
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    elif replies:
        body |= {"thread_ts": message.ts, "reply_count": len(replies)}
    return body


def _profile(space: Workspace) -> Json:
    app = space.app
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "name": app.name,
        "team_id": space.team.id,
        "deleted": False,
    }
