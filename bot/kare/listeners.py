"""What the form of `/anomaly` has beyond every form: its draft, and a site that limits a list."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly import drafts
from blocks.form import InvalidFormError
from bot.kare.draft_steps import Change, DraftPress, DraftSteps, unchanged
from bot.kare.form_data import AnomalyFormData
from bot.kind import AnyKind
from bot.services import Services
from bot.slack.payloads import Action, Body, OpenForm
from storage.database import StorageError

log = logging.getLogger(__name__)

BUTTONS = (drafts.ADD, drafts.MENU, drafts.REMOVE, drafts.CONTINUE, drafts.DISCARD)
REMEMBERED = 1000
"""Presses that are kept in memory, to do nothing when Slack sends one of them again."""

Register = Callable[[AsyncApp, AnyKind, Services], None]


def of_draft(steps: DraftSteps) -> Register:
    """:returns: what registers the listeners of the draft's buttons"""

    def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
        handled: OrderedDict[tuple[str, float], None] = OrderedDict()

        async def pressed(ack: AsyncAck, body: Body) -> None:
            form = OpenForm.of(kind.form, body)
            await ack()
            if form.action is None or (form.view_id, form.action.at) in handled:
                return
            handled[form.view_id, form.action.at] = None
            if len(handled) > REMEMBERED:
                handled.popitem(last=False)
            services.views.pressed(kind, form)
            services.tasks.start(_take(steps, kind, services, form, form.action))

        for action_id in BUTTONS:
            app.action({"action_id": action_id, "type": "block_actions"})(pressed)

    return register


def of_site(form_data: AnomalyFormData) -> Register:
    """:returns: what registers the listener of the chosen site"""

    def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
        async def chosen(ack: AsyncAck, body: Body) -> None:
            form = OpenForm.of(kind.form, body)
            await ack()
            services.tasks.start(services.views.choice(kind, form, form_data.site_chosen))

        app.action({"action_id": "siteId", "type": "block_actions"})(chosen)

    return register


def not_set_up(app: AsyncApp, kind: AnyKind, services: Services) -> None:
    """Register listeners for forms that were opened while KARE was set up."""

    async def pressed(ack: AsyncAck, body: Body) -> None:
        form = OpenForm.of(kind.form, body)
        await ack()
        words = services.users.words(form.user)
        errors = {"draft": words("command.not_set_up", **kind.missing)}
        services.tasks.start(services.views.choice(kind, form, unchanged, errors))

    for action_id in (*BUTTONS, "siteId"):
        app.action({"action_id": action_id, "type": "block_actions"})(pressed)


async def _take(
    steps: DraftSteps,
    kind: AnyKind,
    services: Services,
    form: OpenForm[Any],
    action: Action,
) -> None:
    """Do what the button says, and draw the form."""
    words = services.users.words(form.user)
    press = DraftPress(form.user, words, form.metadata, form.answers, services.clock.time())
    change: Change = unchanged
    field_errors: Mapping[str, str] = {}
    try:
        change = await _step(steps, press, action)
    except InvalidFormError as invalid:
        field_errors = invalid.field_errors
    except StorageError:
        log.exception("a draft of %s could not be stored", form.user)
        field_errors = {"draft": words("form.not_stored")}
    await services.views.choice(kind, form, change, field_errors)


async def _step(steps: DraftSteps, press: DraftPress, action: Action) -> Change:
    if action.action_id == drafts.ADD:
        return await steps.add(press)
    if action.action_id == drafts.CONTINUE:
        return await steps.resume(press, action.value)
    if action.action_id == drafts.DISCARD:
        return await steps.discard(press, action.value)
    option, number = drafts.chosen(action.raw)
    if option == drafts.EDIT_OPTION:
        return await steps.edit(press, number)
    if option == drafts.REMOVE_OPTION:
        return await steps.remove(press, number)
    return unchanged
