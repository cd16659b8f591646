"""A command or a message shortcut opens a form."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Answers, Meta, Origin, Value
from blocks.words import Words
from bot import slack
from bot.kinds import Kind
from bot.services import Services

log = logging.getLogger(__name__)

HELP = frozenset({"help", "aide", "?"})

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, services: Services) -> None:
    @app.command(kind.command)
    async def command(ack: AsyncAck, body: Body) -> None:
        words = services.people.words(body["user_id"])
        text = str(body.get("text") or "")
        if text.strip().lower() in HELP:
            await ack(words(f"command.usage_{kind.name}", command=kind.command))
        elif kind.api not in services.lanes:
            await ack(_not_set_up(words, kind))
        else:
            await ack()
            origin = Origin(team=body["team_id"], channel=body["channel_id"])
            values = kind.form.from_words(text)
            services.tasks.start(_open(services, kind, body, body["user_id"], origin, values))

    @app.shortcut({"callback_id": kind.shortcut, "type": "message_action"})
    async def shortcut(ack: AsyncAck, body: Body) -> None:
        await ack()
        user = str(body["user"]["id"])
        if kind.api not in services.lanes:
            text = _not_set_up(services.people.words(user), kind)
            services.tasks.start(slack.respond(services.client, body["response_url"], text))
            return
        link = _permalink(body)
        message = body["message"]
        origin = Origin(
            team=body["team"]["id"],
            channel=body["channel"]["id"],
            thread_ts=str(message.get("thread_ts") or body.get("message_ts") or message["ts"]),
            link=link,
        )
        values = kind.form.from_message(message, link)
        services.tasks.start(_open(services, kind, body, user, origin, values))


async def _open(
    services: Services,
    kind: Kind,
    body: Body,
    user: str,
    origin: Origin,
    values: Mapping[str, Value],
) -> None:
    meta = Meta(key=uuid.uuid4().hex, origin=origin)
    try:
        await services.screens.open(body["trigger_id"], kind, user, meta, Answers(values))
    except slack.SlackError as error:
        log.warning("a form could not be opened: %s", error)
        await _say_so(services, body, services.people.words(user)("command.could_not_open"))


async def _say_so(services: Services, body: Body, text: str) -> None:
    try:
        await slack.respond(services.client, body["response_url"], text)
    except slack.NoAnswer as error:
        log.warning("nor could that be said: %s", error)


def _not_set_up(words: Words, kind: Kind) -> str:
    return words("command.not_set_up", api=kind.api_label, settings=kind.settings)


def _permalink(body: Body) -> str | None:
    """A message's address, as Slack makes it: there is no time to ask for it."""
    domain, channel = body["team"].get("domain"), body["channel"]["id"]
    message = body["message"]
    ts = str(message.get("ts") or body["message_ts"])
    if not domain:
        return None
    link = f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    thread = message.get("thread_ts")
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link
