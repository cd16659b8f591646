"""A choice in a form redraws it; what is typed where it may be filled is remembered."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Answers, FormMetadata
from bot.kinds import Kind
from bot.services import Services

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, services: Services) -> None:
    async def choice(ack: AsyncAck, body: Body) -> None:
        await ack()

        def change(metadata: FormMetadata, answers: Answers) -> tuple[FormMetadata, Answers]:
            return kind.form.pressed(metadata, chosen(body, answers), body["actions"][0])

        services.tasks.start(services.views.choice(kind, body, change))

    async def typed(ack: AsyncAck, body: Body) -> None:
        await ack()
        services.views.typed(kind, body)

    for action_id in kind.form.redraws_on:
        app.action({"action_id": action_id, "type": "block_actions"})(choice)
    for action_id in kind.form.heard_in:
        app.action({"action_id": action_id, "type": "block_actions"})(typed)


def chosen(body: Body, answers: Answers) -> Answers:
    """The answers with the choice itself: the state beside it may be older."""
    action = body["actions"][0]
    if chosen := action.get("selected_option"):
        values = {**answers.values, action["action_id"]: chosen["value"]}
        return Answers(values, answers.blocks, answers.fresh, answers.offered)
    return answers
