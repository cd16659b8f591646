"""The Events API: what happens in the workspace is sent to the app that subscribed to it.

Slack sends an event again that was not acknowledged: at once, after a minute and after five. It
may send an event twice anyway, and in any order. Source: https://docs.slack.dev/apis/events-api
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.slack.homes import home_json
from sandbox.slack.link import Ack, BotLink, Retry
from sandbox.slack.model import Message, User
from sandbox.slack.workspace import random_word

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds before each further try."""
ACK_TIMEOUT = 3.0


@dataclass(frozen=True)
class Delivery:
    """One of the times that an event is sent."""

    envelope: Json
    retry: Retry | None = None


def app_home_opened(slack: "Slack", user: User, tab: str) -> Json:
    """The event has the view only after it was published once."""
    home = slack.homes.of(user.id)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": slack.workspace.dm_with_bot(user.id).id,
        "tab": tab,
        "event_ts": slack.workspace.new_ts(),
    }
    if home is not None and tab == "home":
        event["view"] = home_json(slack.workspace, home)
    return envelope(slack, event)


def app_uninstalled(slack: "Slack") -> Json:
    """Source: https://docs.slack.dev/reference/events/app_uninstalled"""
    return envelope(slack, {"type": "app_uninstalled"})


def tokens_revoked(slack: "Slack") -> Json:
    """Source: https://docs.slack.dev/reference/events/tokens_revoked"""
    bot = slack.workspace.app.bot_user_id
    return envelope(slack, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})


def direct_message(slack: "Slack", message: Message) -> Json:
    author = slack.workspace.users.get(message.user or "")
    event: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "client_msg_id": random_word(12),
        "team": (author.team if author else "") or slack.workspace.team.id,
        "blocks": list(message.blocks),
        "channel": message.channel,
        "channel_type": "im",
        "event_ts": message.ts,
    }
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    if message.bot_id:
        event["bot_id"] = message.bot_id
    return envelope(slack, event)


def message_changed(slack: "Slack", before: Message, after: Message) -> Json:
    """An edit of a direct message.

    Source: https://docs.slack.dev/reference/events/message/message_changed
    """
    edited = {"user": after.user, "ts": after.edited or slack.workspace.new_ts()}
    return _changed(
        slack,
        after.channel,
        subtype="message_changed",
        message={**_inner(after), "edited": edited},
        previous_message=_inner(before),
    )


def message_deleted(slack: "Slack", message: Message) -> Json:
    """A person deleted a direct message.

    Source: https://docs.slack.dev/reference/events/message/message_deleted
    """
    return _changed(
        slack,
        message.channel,
        subtype="message_deleted",
        deleted_ts=message.ts,
        previous_message=_inner(message),
    )


def _changed(slack: "Slack", channel: str, **facts: Any) -> Json:
    """The event itself has no user: its author is in the message within."""
    ts = slack.workspace.new_ts()
    event = {"type": "message", "hidden": True, "ts": ts, "event_ts": ts, **facts}
    return envelope(slack, {**event, "channel": channel, "channel_type": "im"})


def _inner(message: Message) -> Json:
    return {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}


def envelope(slack: "Slack", event: Json) -> Json:
    workspace = slack.workspace
    app = workspace.app
    team = None if app.enterprise_id else workspace.team.id
    return {
        "token": app.verification_token,
        "team_id": workspace.team.id,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{random_word(10).upper()}",
        "event_time": int(workspace.clock()),
        "authorizations": [
            {
                "enterprise_id": app.enterprise_id,
                "team_id": team,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": app.enterprise_id is not None,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-sandbox",
    }


async def send(
    bot: BotLink, body: Json, *, retry_after: Sequence[float] = RETRY_AFTER
) -> list[Ack]:
    """Send an event until it is acknowledged, and give every answer.

    :param retry_after: seconds before each further try
    """
    acks = [await bot.deliver("events_api", body, ACK_TIMEOUT)]
    for number, pause in enumerate(retry_after, start=1):
        if acks[-1].ok:
            break
        await asyncio.sleep(pause)
        retry = Retry(number, _reason(acks[-1]))
        acks.append(await bot.deliver("events_api", body, ACK_TIMEOUT, retry))
    return acks


def disordered(envelopes: Sequence[Json], seed: int) -> Iterator[Delivery]:
    """Each event one to four times, all of them in any order, as Slack may send them."""
    rng = random.Random(seed)
    deliveries = [
        Delivery(
            body,
            Retry(number, rng.choice(["http_timeout", "connection_failed"])) if number else None,
        )
        for body in envelopes
        for number in range(rng.randint(1, 4))
    ]
    rng.shuffle(deliveries)
    yield from deliveries


def _reason(ack: Ack) -> str:
    failure = ack.failure or ""
    if failure == "timeout":
        return "http_timeout"
    return "http_error" if failure.startswith("status") else "connection_failed"
