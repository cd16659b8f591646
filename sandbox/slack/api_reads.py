"""The methods that only read: conversations.*, users.info, auth.test, api.test."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sandbox.slack.calls import text_of
from sandbox.slack.errors import SlackError
from sandbox.slack.messages import message_json
from sandbox.slack.method import Method, Methods, require_scope
from sandbox.slack.model import Channel, Message

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
SCOPE_FAMILY = {"public": "channels", "private": "groups", "im": "im"}


def auth_test(slack: "Slack", _args: Json) -> Json:
    workspace = slack.workspace
    return {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.app.name,
        "team_id": workspace.team.id,
        "user_id": workspace.app.bot_user_id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_slack: "Slack", args: Json) -> Json:
    if "error" in args:
        raise SlackError(str(args["error"]), args=args)
    return {"args": args}


def user_info(slack: "Slack", args: Json) -> Json:
    """The answer has `locale` only with include_locale."""
    workspace = slack.workspace
    user = workspace.users.get(text_of(args, "user"))
    if user is None:
        raise SlackError("user_not_found")
    answer: Json = {
        "id": user.id,
        "team_id": user.team or workspace.team.id,
        "name": user.name,
        "real_name": user.name.title(),
        "tz": user.tz,
        "deleted": False,
        "is_bot": False,
        "profile": {"real_name": user.name.title(), "display_name": user.name},
    }
    if args.get("include_locale") is True:
        answer["locale"] = user.locale
    return {"user": answer}


def open_conversation(slack: "Slack", args: Json) -> Json:
    user = text_of(args, "users")
    if user not in slack.workspace.users:
        raise SlackError("user_not_found")
    return {"channel": {"id": slack.workspace.dm_with_bot(user).id}}


def conversation_info(slack: "Slack", args: Json) -> Json:
    workspace = slack.workspace
    channel = _readable(slack, args, "read")
    answer: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "public",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_member": workspace.bot_is_in(channel),
    }
    if channel.kind != "im":
        answer["name"] = channel.name
    return {"channel": answer}


def conversation_history(slack: "Slack", args: Json) -> Json:
    """Newest first."""
    workspace = slack.workspace
    channel = _readable(slack, args, "history")
    if not workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    newest_first = workspace.history(channel.id)[::-1]
    return _page(slack, [message for message in newest_first if _asked(message, args)], args)


def conversation_replies(slack: "Slack", args: Json) -> Json:
    """The parent and its replies, oldest first."""
    workspace = slack.workspace
    channel = _readable(slack, args, "history")
    if not workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    thread = workspace.thread(channel.id, text_of(args, "ts"))
    if not thread:
        raise SlackError("thread_not_found")
    parent, *replies = thread
    return _page(slack, [parent, *(reply for reply in replies if _asked(reply, args))], args)


def _asked(message: Message, args: Json) -> bool:
    """Whether a message is newer than `oldest`."""
    return float(message.ts) > float(args.get("oldest") or 0)


def _page(slack: "Slack", messages: Sequence[Message], args: Json) -> Json:
    """The first `limit` messages."""
    limit = int(args.get("limit") or 100)
    shown = [message_json(slack.workspace, message) for message in messages[:limit]]
    return {"messages": shown, "has_more": len(messages) > limit}


def open_connection(slack: "Slack", _args: Json) -> Json:
    return {"url": slack.socket.new_url(slack.base_url)}


def _readable(slack: "Slack", args: Json, right: str) -> Channel:
    channel = slack.workspace.seen_by_bot(text_of(args, "channel"))
    require_scope(slack, f"{SCOPE_FAMILY[channel.kind]}:{right}")
    return channel


METHODS: Methods = {
    "api.test": Method(api_test, token="none"),
    "auth.test": Method(auth_test),
    "users.info": Method(user_info, needs="users:read"),
    "conversations.open": Method(open_conversation, needs="im:write"),
    "conversations.info": Method(conversation_info),
    "conversations.history": Method(conversation_history),
    "conversations.replies": Method(conversation_replies),
    "apps.connections.open": Method(open_connection, token="app"),
}
