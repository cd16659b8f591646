"""Forms of `/anomaly` that were opened while KARE was set up, and are used when it is not."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly.inputs import SENDS_EACH_CHANGE
from bot.kare.draft_steps import unchanged
from bot.kare.listeners import BUTTONS
from bot.kind import AnyKind
from bot.services import Services
from bot.slack.payloads import Body, OpenForm

REDRAWS = frozenset({"reportId", "siteId", "risk"})
"""The fields that redraw the form."""


def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
    async def pressed(ack: AsyncAck, body: Body) -> None:
        form = OpenForm.of(kind.form, body, services.users.workspace)
        await ack()
        words = services.users.words(form.user)
        errors = {"draft": words("command.not_set_up", **kind.missing)}
        services.tasks.start(services.views.choice(kind, form, unchanged, errors))

    async def typed(ack: AsyncAck, body: Body) -> None:
        form = OpenForm.of(kind.form, body, services.users.workspace)
        await ack()
        services.views.typed(kind, form)

    for action_id in (*BUTTONS, *REDRAWS):
        app.action({"action_id": action_id, "type": "block_actions"})(pressed)
    for action_id in SENDS_EACH_CHANGE - REDRAWS:
        app.action({"action_id": action_id, "type": "block_actions"})(typed)
