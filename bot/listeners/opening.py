"""A command or a message shortcut opens a form."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Answers, FormMetadata, Origin, Value, new_key
from bot.kinds import Kind
from bot.services import Services
from bot.slack import web_api

log = logging.getLogger(__name__)

NOT_SET_UP = "command.not_set_up"
HELP = frozenset({"help", "aide", "?"})

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, services: Services) -> None:
    @app.command(kind.command)
    async def command(ack: AsyncAck, body: Body) -> None:
        text, user = str(body.get("text") or ""), str(body["user_id"])
        if text.strip().lower() in HELP:
            usage = f"command.usage_{kind.name}"
            await ack(services.people.words(user)(usage, command=kind.command))
            services.tasks.start(_translate(services, body, user, usage, command=kind.command))
        elif kind.api not in services.workers:
            await ack(services.people.words(user)(NOT_SET_UP, **_missing(kind)))
            services.tasks.start(_translate(services, body, user, NOT_SET_UP, **_missing(kind)))
        else:
            await ack()
            origin = Origin(team=body["team_id"], channel=body["channel_id"])
            values = kind.form.from_words(text)
            services.tasks.start(_open(services, kind, body, user, origin, values))

    @app.shortcut({"callback_id": kind.shortcut, "type": "message_action"})
    async def shortcut(ack: AsyncAck, body: Body) -> None:
        await ack()
        user = str(body["user"]["id"])
        if kind.api not in services.workers:
            services.tasks.start(_say(services, body, user, NOT_SET_UP, **_missing(kind)))
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
    metadata = FormMetadata(key=new_key(), origin=origin)
    try:
        await services.views.open(body["trigger_id"], kind, user, metadata, Answers(values))
    except web_api.SlackError as error:
        log.warning("a form could not be opened: %s", error)
        await _say(services, body, user, "command.could_not_open")


async def _say(services: Services, body: Body, user: str, key: str, **facts: object) -> None:
    """Tell the person alone, in their language: there is time to ask for it."""
    if not services.people.knows(user):
        await services.people.learn(user)
    text = services.people.words(user)(key, **facts)
    try:
        await web_api.respond(services.client, body["response_url"], text)
    except web_api.SlackNoAnswerError as error:
        log.warning("nobody could be told %s: %s", key, error)


async def _translate(services: Services, body: Body, user: str, key: str, **facts: object) -> None:
    """Say once more what was said before the person's language was known, if it is another."""
    if not services.people.knows(user) and await services.people.learn(user):
        await _say(services, body, user, key, **facts)


def _missing(kind: Kind) -> dict[str, str]:
    return {"api": kind.api_label, "settings": kind.settings}


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
