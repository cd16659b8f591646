"""chat.*: https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.slack.blockkit import check_blocks
from sandbox.slack.calls import text_of
from sandbox.slack.errors import SlackError
from sandbox.slack.form import completed
from sandbox.slack.mentions import has_link, pings
from sandbox.slack.message_size import check_message_size
from sandbox.slack.messages import message_json
from sandbox.slack.method import Method, Methods, RateLimitedError
from sandbox.slack.model import Channel, Message

if TYPE_CHECKING:
    from sandbox.slack.limits import Limiter
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
TS = re.compile(r"\d{10}\.\d{6}")
LONGEST_POST = 40_000
"""Characters of the text of a new message, escapes included."""
LONGEST_UPDATE = 4_000
"""UTF-8 bytes of the text of an update, escapes included (measured in gitlab-org/gitlab!258898)."""


def post_message(slack: "Slack", args: Json) -> Json:
    """Post a message. A user id (U...) stands for the direct messages with that person.

    :raises RateLimitedError: for more than about one message a second in a channel
    """
    channel = _destination(slack, text_of(args, "channel"))
    content = _content(args)
    thread_ts = _thread_ts(args)
    _check_rate(slack.post_limits, channel.id)
    message = slack.workspace.post(channel.id, content, thread_ts=thread_ts)
    shown = message_json(slack.workspace, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def update_message(slack: "Slack", args: Json) -> Json:
    """Replace a message of the bot. Blocks that are not sent again are dropped."""
    channel = slack.workspace.seen_by_bot(text_of(args, "channel"))
    content = _content(args)
    if len((content.get("text") or "").encode()) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    message = _own_message(slack, channel, text_of(args, "ts"), "cant_update_message")
    _check_rate(slack.update_limits, channel.id)
    text = content.get("text") or ""
    changed = replace(
        message,
        text=text,
        blocks=tuple(content.get("blocks") or ()),
        attachments=tuple(content.get("attachments") or ()),
        edited=slack.workspace.new_ts(),
        pings=message.pings + pings(text, content["blocks"], parse_names=False),
        unfurls=message.unfurls and has_link(text, content["blocks"]),
    )
    slack.workspace.put(changed)
    shown = message_json(slack.workspace, changed)
    return {"channel": channel.id, "ts": message.ts, "text": changed.text, "message": shown}


def delete_message(slack: "Slack", args: Json) -> Json:
    channel = slack.workspace.seen_by_bot(text_of(args, "channel"))
    message = _own_message(slack, channel, text_of(args, "ts"), "cant_delete_message")
    slack.workspace.delete(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(slack: "Slack", args: Json) -> Json:
    channel = slack.workspace.seen_by_bot(text_of(args, "channel"))
    _may_speak(slack, channel)
    user = text_of(args, "user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(args)
    content["thread_ts"] = _thread_ts(args)
    return {"message_ts": slack.workspace.add_ephemeral(user, channel.id, content).ts}


def permalink(slack: "Slack", args: Json) -> Json:
    channel = slack.workspace.seen_by_bot(text_of(args, "channel"))
    ts = text_of(args, "message_ts")
    if ts not in slack.workspace.messages[channel.id]:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": slack.workspace.permalink(channel.id, ts)}


def _destination(slack: "Slack", channel_id: str) -> Channel:
    workspace = slack.workspace
    if channel_id in workspace.users:
        if not workspace.app.messages_tab:
            raise SlackError("messages_tab_disabled")
        return workspace.dm_with_bot(channel_id)
    channel = workspace.seen_by_bot(channel_id)
    _may_speak(slack, channel)
    return channel


def _may_speak(slack: "Slack", channel: Channel) -> None:
    workspace = slack.workspace
    if channel.is_archived:
        raise SlackError("is_archived")
    if not workspace.bot_is_in(channel) and "chat:write.public" not in workspace.app.scopes:
        raise SlackError("not_in_channel")


def _content(args: Json) -> Json:
    """The arguments with their blocks checked and completed."""
    text, blocks = args.get("text") or "", args.get("blocks") or []
    if not isinstance(text, str):
        raise SlackError(
            "invalid_arguments", ["[ERROR] must provide a string [json-pointer:/text]"]
        )
    check_blocks(blocks)
    check_message_size(blocks)
    if not text and not blocks and not args.get("attachments"):
        raise SlackError("no_text")
    if len(text) > LONGEST_POST:
        raise SlackError("msg_too_long")
    return {**args, "blocks": completed(blocks)}


def _thread_ts(args: Json) -> str | None:
    """Slack takes only a string: a number would lose its last digits."""
    thread_ts = args.get("thread_ts")
    if thread_ts is None:
        return None
    if not isinstance(thread_ts, str) or not TS.fullmatch(thread_ts):
        raise SlackError("invalid_thread_ts")
    return thread_ts


def _own_message(slack: "Slack", channel: Channel, ts: str, refusal: str) -> Message:
    message = slack.workspace.messages[channel.id].get(ts)
    if message is None:
        raise SlackError("message_not_found")
    if message.bot_id != slack.workspace.app.bot_id:
        raise SlackError(refusal)
    return message


def _check_rate(limits: "Limiter", channel_id: str) -> None:
    wait = limits.take(channel_id)
    if wait:
        raise RateLimitedError(wait)


METHODS: Methods = {
    "chat.postMessage": Method(post_message, needs="chat:write"),
    "chat.update": Method(update_message, needs="chat:write"),
    "chat.delete": Method(delete_message, needs="chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, needs="chat:write"),
    "chat.getPermalink": Method(permalink),
}
