"""A choice in a form redraws it. Text that a field sends while it is typed is remembered, and the
targets in it are looked up.
"""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.answers import Answers
from blocks.form_state import FormMetadata
from bot.kind import Context, Kind, State
from bot.services import Services
from bot.slack.payloads import Body, OpenForm


def register(app: AsyncApp, kind: Kind[Context, State], services: Services) -> None:
    async def choice(ack: AsyncAck, body: Body) -> None:
        form = OpenForm.of(kind.form, body, services.users.workspace)
        await ack()

        def change(
            metadata: FormMetadata[State], answers: Answers
        ) -> tuple[FormMetadata[State], Answers]:
            return kind.form.pressed(metadata, answers, form.action.raw if form.action else {})

        services.tasks.start(services.views.choice(kind, form, change))

    async def typed(ack: AsyncAck, body: Body) -> None:
        form = OpenForm.of(kind.form, body, services.users.workspace)
        await ack()
        services.views.typed(kind, form)
        services.tasks.start(services.views.typing_paused(form.view_id))

    for action_id in kind.form.redraws_on:
        app.action({"action_id": action_id, "type": "block_actions"})(choice)
    for action_id in kind.form.heard_in:
        app.action({"action_id": action_id, "type": "block_actions"})(typed)
