"""The searchable lists of `/anomaly`: answered from memory, and narrowed by a chosen site."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly_sheet import SEARCHED
from blocks.choices import option
from blocks.form import Answers, Meta
from bot.kare.anomalies import AnomalyKnowledge
from bot.kare.recents import INSTALLATION, SITE
from bot.kinds import Kind
from bot.listeners.redrawing import chosen
from bot.services import Services

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, known: AnomalyKnowledge, services: Services) -> None:
    async def offer(ack: AsyncAck, body: Body) -> None:
        user = str(body["user"]["id"])
        meta = Meta.model_validate_json(body["view"]["private_metadata"])
        query = str(body.get("value") or "")
        words = services.people.words(user)
        found = known.search(str(body["action_id"]), query, user, meta)
        await ack(options=[option(words, one) for one in found])

    async def choose_site(ack: AsyncAck, body: Body) -> None:
        await ack()

        def change(meta: Meta, answers: Answers) -> tuple[Meta, Answers]:
            answers = chosen(body, answers)
            site, installation = answers.text(SITE), answers.text(INSTALLATION)
            return meta, known.form.at_site(answers, stays=known.stays(site, installation))

        services.tasks.start(services.screens.choice(kind, body, change))

    for name in SEARCHED:
        app.options(name)(offer)
    app.action({"action_id": SITE, "type": "block_actions"})(choose_site)
