"""A choice in a form redraws it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Answers, Meta
from bot import slack
from bot.kinds import Kind
from bot.services import Services

log = logging.getLogger(__name__)

REMEMBERED = 1000
"""Views whose last choice is remembered; older ones are long closed."""

Body = Mapping[str, Any]


@dataclass
class _Turns:
    """Who may redraw a view: one at a time, and only for the newest choice."""

    newest: float = 0.0
    hash: str | None = None
    """Of the view as we drew it last."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def register(app: AsyncApp, kind: Kind, services: Services) -> None:
    views: OrderedDict[str, _Turns] = OrderedDict()

    async def choice(ack: AsyncAck, body: Body) -> None:
        await ack()
        view_id = str(body["view"]["id"])
        turns = views.setdefault(view_id, _Turns())
        views.move_to_end(view_id)
        if len(views) > REMEMBERED:
            views.popitem(last=False)
        turns.newest = max(turns.newest, float(body["actions"][0]["action_ts"]))
        services.tasks.start(_redraw(services, kind, body, turns))

    for action_id in kind.form.redraws_on:
        app.action({"action_id": action_id, "type": "block_actions"})(choice)


async def _redraw(services: Services, kind: Kind, body: Body, turns: _Turns) -> None:
    """Draw the form for a choice, unless a newer one came: that one draws what counts.

    Two quick choices can carry the same hash, and Slack then refuses the second: it draws again.
    """
    view, action = body["view"], body["actions"][0]
    async with turns.lock:
        if float(action["action_ts"]) < turns.newest:
            return
        drawn = _drawn(services, kind, body)
        for known in (turns.hash or view["hash"], None):
            try:
                answer = await slack.call(
                    services.client.views_update(view_id=view["id"], view=drawn, hash=known)
                )
            except slack.Refused as error:
                if error.code != "hash_conflict" or float(action["action_ts"]) < turns.newest:
                    log.info("a form was not redrawn: %s", error)
                    return
            except slack.SlackError as error:
                log.warning("a form was not redrawn: %s", error)
                return
            else:
                turns.hash = answer["view"]["hash"]
                return


def _drawn(services: Services, kind: Kind, body: Body) -> dict[str, Any]:
    view, action = body["view"], body["actions"][0]
    answers = Answers.of_view(view)
    meta = Meta.model_validate_json(view["private_metadata"]).redrawn()
    if chosen := action.get("selected_option"):
        # The state may be older than the choice.
        values = {**answers.values, action["action_id"]: chosen["value"]}
        answers = replace(answers, values=values)
    meta = kind.form.pressed(meta, action["action_id"])
    words = services.people.words(body["user"]["id"])
    return kind.form.draw(words, meta, answers, now=services.clock.time())
