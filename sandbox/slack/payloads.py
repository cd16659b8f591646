"""The payloads that Slack sends to an app, field by field.

Source: https://docs.slack.dev/reference/interaction-payloads.
"""

from typing import TYPE_CHECKING, Any

from sandbox.slack.homes import home_json
from sandbox.slack.messages import message_json
from sandbox.slack.model import App, Channel, Ephemeral, Message, User
from sandbox.slack.views import OpenView, view_json

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]


def slash_command(slack: "Slack", user: User, channel: Channel, command: str, text: str) -> Json:
    """Every value is a string, as in a form."""
    workspace = slack.workspace
    return {
        "token": workspace.app.verification_token,
        "team_id": user.team or workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name_in_payloads,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        **_organisation(workspace.app),
        "response_url": _response_url(slack, "commands", user, channel),
        "trigger_id": slack.triggers.new_trigger(user.id),
    }


def _organisation(app: App) -> Json:
    if app.enterprise_id is None:
        return {}
    return {"enterprise_id": app.enterprise_id, "is_enterprise_install": "true"}


def message_action(
    slack: "Slack", user: User, channel: Channel, callback_id: str, message: Message
) -> Json:
    return {
        **_interaction(slack, user, "message_action"),
        "action_ts": slack.workspace.new_ts(),
        "callback_id": callback_id,
        "trigger_id": slack.triggers.new_trigger(user.id),
        "channel": {"id": channel.id, "name": channel.name_in_payloads},
        "message_ts": message.ts,
        "message": message_json(slack.workspace, message),
        "response_url": _response_url(slack, "app", user, channel, source_ts=message.ts),
    }


def global_shortcut(slack: "Slack", user: User, callback_id: str) -> Json:
    return {
        **_interaction(slack, user, "shortcut"),
        "action_ts": slack.workspace.new_ts(),
        "callback_id": callback_id,
        "trigger_id": slack.triggers.new_trigger(user.id),
    }


def view_action(slack: "Slack", user: User, view: OpenView, action: Json) -> Json:
    return {
        **_interaction(slack, user, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": slack.triggers.new_trigger(user.id),
        "view": view_json(slack.workspace, view, view.form.state()),
        "actions": [{**action, "action_ts": slack.workspace.new_ts()}],
    }


def home_action(slack: "Slack", user: User, home: OpenView, action: Json) -> Json:
    """The payload of an action on the App Home. It has no channel, message or response_url."""
    return {
        **_interaction(slack, user, "block_actions"),
        "container": {"type": "view", "view_id": home.id},
        "trigger_id": slack.triggers.new_trigger(user.id),
        "view": home_json(slack.workspace, home),
        "actions": [{**action, "action_ts": slack.workspace.new_ts()}],
    }


def message_press(
    slack: "Slack", user: User, channel: Channel, shown: Message | Ephemeral, action: Json
) -> Json:
    """The payload of a pressed button. It names an ephemeral message, but does not include it."""
    container: Json = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": isinstance(shown, Ephemeral),
    }
    if shown.thread_ts:
        container["thread_ts"] = shown.thread_ts
    payload = {
        **_interaction(slack, user, "block_actions"),
        "container": container,
        "trigger_id": slack.triggers.new_trigger(user.id),
        "channel": {"id": channel.id, "name": channel.name_in_payloads},
        "state": {"values": {}},
        "response_url": _response_url(slack, "actions", user, channel, source_ts=shown.ts),
        "actions": [{**action, "action_ts": slack.workspace.new_ts()}],
    }
    if isinstance(shown, Message):
        payload["message"] = message_json(slack.workspace, shown)
    return payload


def unfurl_press(
    slack: "Slack", user: User, channel: Channel, message: Message, unfurl: Json, action: Json
) -> Json:
    """The payload of a button in an unfurled link. It names the message, but does not include it.

    :param unfurl: the attachment of the message
    """
    url = unfurl["app_unfurl_url"]
    container: Json = {
        "type": "message_attachment",
        "message_ts": message.ts,
        "attachment_id": unfurl["id"],
        "channel_id": channel.id,
        "is_ephemeral": False,
        "is_app_unfurl": True,
        "app_unfurl_url": url,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return {
        **_interaction(slack, user, "block_actions"),
        "container": container,
        "app_unfurl": unfurl,
        "trigger_id": slack.triggers.new_trigger(user.id),
        "channel": {"id": channel.id, "name": channel.name_in_payloads},
        "response_url": _response_url(slack, "actions", user, channel),
        "actions": [{**action, "action_ts": slack.workspace.new_ts()}],
    }


def view_submission(slack: "Slack", user: User, view: OpenView) -> Json:
    return {
        **_interaction(slack, user, "view_submission"),
        "trigger_id": slack.triggers.new_trigger(user.id),
        "view": view_json(slack.workspace, view, view.form.state()),
        "response_urls": [],
    }


def view_closed(slack: "Slack", user: User, view: OpenView, *, is_cleared: bool) -> Json:
    """The state of the view is empty: Slack sends no typed values."""
    return {
        **_interaction(slack, user, "view_closed"),
        "view": view_json(slack.workspace, view, {"values": {}}),
        "is_cleared": is_cleared,
        "response_urls": [],
    }


def block_suggestion(
    slack: "Slack", user: User, view: OpenView, key: tuple[str, str], query: str
) -> Json:
    """The state is that of the last drawing, not of the screen, because Slack's can be stale."""
    return {
        **_interaction(slack, user, "block_suggestion"),
        "container": {"type": "view", "view_id": view.id},
        "block_id": key[0],
        "action_id": key[1],
        "value": query,
        "view": view_json(slack.workspace, view, view.form.as_drawn),
    }


def _interaction(slack: "Slack", user: User, kind: str) -> Json:
    workspace = slack.workspace
    org_wide = workspace.app.enterprise_id
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team or workspace.team.id,
        },
        "api_app_id": workspace.app.id,
        "token": workspace.app.verification_token,
        "team": None if org_wide else {"id": workspace.team.id, "domain": workspace.team.domain},
        "enterprise": {"id": org_wide, "name": workspace.team.name} if org_wide else None,
        "is_enterprise_install": org_wide is not None,
    }


def _response_url(
    slack: "Slack", kind: str, user: User, channel: Channel, *, source_ts: str | None = None
) -> str:
    secret = slack.triggers.new_response_path(user.id, channel.id, source_ts=source_ts)
    return f"{slack.base_url}/slack/hooks/{kind}/{secret}"
