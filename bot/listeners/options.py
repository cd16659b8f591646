"""The searchable lists of `/anomaly`: answered from memory, and narrowed by a chosen site."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly.options import option
from blocks.anomaly.view import SEARCHED
from blocks.form import Answers, FormMetadata
from bot.kare.form_data import AnomalyFormData
from bot.kare.recents import INSTALLATION, SITE
from bot.kinds import Kind
from bot.listeners.form_actions import chosen
from bot.services import Services

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, known: AnomalyFormData, services: Services) -> None:
    async def offer(ack: AsyncAck, body: Body) -> None:
        user = str(body["user"]["id"])
        metadata = FormMetadata.model_validate_json(body["view"]["private_metadata"])
        query = str(body.get("value") or "")
        words = services.people.words(user)
        found = known.search(str(body["action_id"]), query, user, metadata)
        await ack(options=[option(words, one) for one in found])

    async def choose_site(ack: AsyncAck, body: Body) -> None:
        await ack()

        def change(metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
            answers = chosen(body, answers)
            site, installation = answers.text(SITE), answers.text(INSTALLATION)
            return metadata, known.form.at_site(answers, stays=known.stays(site, installation))

        services.tasks.start(services.views.choice(kind, body, change))

    for name in SEARCHED:
        app.options(name)(offer)
    app.action({"action_id": SITE, "type": "block_actions"})(choose_site)
