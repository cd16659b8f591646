"""Events of Slack's Events API, reduced to the fields that are stored.

Source: https://docs.slack.dev/apis/events-api, https://docs.slack.dev/reference/events
"""

import re

from bot.slack import event_shapes
from bot.slack.payloads import Body, well_formed
from bot.workspace import Workspace
from storage.events import Event

HOME_OPENED, DIRECT_MESSAGE = "app_home_opened", "message.im"
TOKEN_ENDED = frozenset({"app_uninstalled", "tokens_revoked"})
"""The app was removed from a workspace, or tokens of it were revoked.

Source: https://docs.slack.dev/reference/events/app_uninstalled, …/events/tokens_revoked
"""
FILLING_LIMIT = 2000
"""Characters that a button carries."""
_SUBTYPES = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""The subtypes of messages that a person wrote. Others are edits, deletions, and Slack's own
messages.
"""
_SLACKBOT = "USLACKBOT"
_LINK = re.compile(r"(?i)<https?://[^<>]+>|https?://\S+")
_ID = re.compile(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")


def read(body: Body, workspace: Workspace) -> Event | None:
    """:returns: None for an event that asks the bot for nothing
    :raises MalformedPayloadError: when it is no event
    """
    with well_formed():
        envelope = event_shapes.EventCallback.model_validate(body)
        match envelope.event.type:
            case "app_home_opened":
                return _home_opened(envelope, body, workspace)
            case "message":
                return _message(envelope, body, workspace)
            case name if name in TOKEN_ENDED:
                return Event(envelope.event_id, name, {})
    return None


def _home_opened(
    envelope: event_shapes.EventCallback, body: Body, workspace: Workspace
) -> Event | None:
    opened = event_shapes.HomeOpened.model_validate(body["event"])
    if opened.tab != "home":
        return None
    person = envelope.person(workspace, opened.user, None)
    facts = {"user": person, "team": _team(envelope), "channel": opened.channel}
    return Event(envelope.event_id, HOME_OPENED, facts)


def _message(
    envelope: event_shapes.EventCallback, body: Body, workspace: Workspace
) -> Event | None:
    """A direct message that a person wrote. Bots, edits and the bot's own messages are left alone:
    an answer to them could go on for ever.
    """
    message = event_shapes.MessageEvent.model_validate(body["event"])
    is_direct = message.channel_type == "im" and message.channel
    user = message.user if message.user != _SLACKBOT else None
    by_bot = message.bot_id or message.app_id or envelope.is_by_this_bot(user)
    if not (is_direct and user) or by_bot or message.subtype not in _SUBTYPES:
        return None
    own = message.user_team or message.team
    facts = {
        "user": envelope.person(workspace, user, own),
        "channel": message.channel,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "filling": filling(message.text or ""),
    }
    return Event(envelope.event_id, DIRECT_MESSAGE, facts)


def filling(text: str) -> str:
    """What forms are filled with from a message: all of it, if it has a link or an id. Of a message
    that is too long for a button, its links and ids.

    :param text: as Slack sends it
    """
    targets = [*_LINK.findall(text), *_ID.findall(_LINK.sub(" ", text))]
    if not targets or len(text) <= FILLING_LIMIT:
        return text if targets else ""
    joined = ""
    for part in targets:
        if len(joined) + len(part) < FILLING_LIMIT:
            joined = f"{joined} {part}".strip()
    return joined


def _team(envelope: event_shapes.EventCallback) -> str:
    return envelope.team_id or envelope.enterprise_id or ""
