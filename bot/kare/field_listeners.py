"""The fields of the form of `/anomaly`: each change is kept, and some redraw the form."""

from collections.abc import Callable, Mapping

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.inputs import SENDS_EACH_CHANGE
from bot.kare.draft_steps import Change
from bot.kare.drafts import Drafts
from bot.kare.unfinished import Unfinished
from bot.kind import AnyKind
from bot.services import Services
from bot.slack.payloads import Body, OpenForm

Register = Callable[[AsyncApp, AnyKind, Services], None]


def of_fields(form: AnomalyForm, drafts: Drafts, redraws: Mapping[str, Change]) -> Register:
    """
    :param redraws: the changes that fields make in the form when it is redrawn
    :returns: a function that registers the listeners of the fields
    """

    def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
        unfinished = Unfinished(form, drafts, services.clock)

        async def changed(ack: AsyncAck, body: Body) -> None:
            view = OpenForm.of(kind.form, body, services.users.workspace)
            await ack()
            field = view.action.action_id if view.action else ""
            if field in redraws:
                services.tasks.start(services.views.choice(kind, view, redraws[field]))
            else:
                services.views.typed(kind, view)
                services.tasks.start(services.views.typing_paused(view.view_id))
            if storing := unfinished.changed(view):
                services.tasks.start(storing)

        for action_id in sorted(SENDS_EACH_CHANGE):
            app.action({"action_id": action_id, "type": "block_actions"})(changed)

    return register
