"""A message as Slack sends it: in answers, in message shortcuts, in block_actions."""

from typing import Any

from sandbox.slack.files import file_json
from sandbox.slack.model import Message
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]


def message_json(workspace: Workspace, message: Message) -> Json:
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team.id,
    }
    if message.bot_id is None:
        body["client_msg_id"] = f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"
    else:
        body |= {
            "bot_id": message.bot_id,
            "app_id": workspace.app.id,
            "bot_profile": _profile(workspace),
        }
    if message.blocks:
        body["blocks"] = list(message.blocks)
    if message.attachments:
        body["attachments"] = list(message.attachments)
    if message.files:
        files = workspace.files.all
        body["files"] = [file_json(workspace, files[id_]) for id_ in message.files]
    if message.metadata:
        body["metadata"] = message.metadata
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    thread = workspace.thread(message.channel, message.ts)
    replies = [reply for reply in thread if reply.ts != message.ts]
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    elif replies:
        body |= {"thread_ts": message.ts, "reply_count": len(replies)}
    return body


def _profile(workspace: Workspace) -> Json:
    app = workspace.app
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "name": app.name,
        "team_id": workspace.team.id,
        "deleted": False,
    }
