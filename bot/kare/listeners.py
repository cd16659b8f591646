"""The buttons of the form of `/anomaly`: those of its draft, and those that show a part of it."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.anomaly import drafts
from blocks.anomaly.state import CHANGE_HEAD, with_head
from blocks.form import InvalidFormError
from bot.kare.draft_steps import (
    Change,
    DraftPress,
    DraftSteps,
    head_shown,
    list_hidden,
    list_shown,
    unchanged,
)
from bot.kind import AnyKind
from bot.services import Services
from bot.slack.payloads import Action, Body, OpenForm
from storage.engine import StorageError

log = logging.getLogger(__name__)

BUTTONS = (
    drafts.ADD,
    drafts.MENU,
    drafts.REMOVE,
    drafts.CONTINUE,
    drafts.DISCARD,
    drafts.LIST,
    CHANGE_HEAD,
)
FOLDS: Mapping[tuple[str, str], Change] = {
    (CHANGE_HEAD, ""): head_shown,
    (drafts.LIST, drafts.SHOW): list_shown,
    (drafts.LIST, drafts.HIDE): list_hidden,
}
"""The changes by the buttons that only show or hide a part of the form, by action_id and value."""
REMEMBERED = 1000
"""Presses that are kept in memory, to do nothing when Slack sends one of them again."""

Register = Callable[[AsyncApp, AnyKind, Services], None]


def of_draft(steps: DraftSteps) -> Register:
    """:returns: what registers the listeners of the draft's buttons"""

    def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
        handled: OrderedDict[tuple[str, float], None] = OrderedDict()

        async def pressed(ack: AsyncAck, body: Body) -> None:
            form = OpenForm.of(kind.form, body, services.users.workspace)
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


async def _take(
    steps: DraftSteps,
    kind: AnyKind,
    services: Services,
    form: OpenForm[Any],
    action: Action,
) -> None:
    """Do the action of the button, and draw the form."""
    words = services.users.words(form.user)
    answers = with_head(form.metadata, form.answers)
    press = DraftPress(form.user, words, form.metadata, answers, services.clock.time())
    change: Change = unchanged
    field_errors: Mapping[str, str] = {}
    try:
        change = await _step(steps, press, action)
    except InvalidFormError as invalid:
        field_errors = invalid.field_errors
    except StorageError as error:
        log.exception("a draft could not be stored", extra={"user": form.user})
        field_errors = {"draft": words(f"form.{error.outcome}")}
    await services.views.choice(kind, form, change, field_errors)


async def _step(steps: DraftSteps, press: DraftPress, action: Action) -> Change:
    if (change := FOLDS.get((action.action_id, action.value))) is not None:
        return change
    if action.action_id == drafts.ADD:
        return await steps.add(press)
    if action.action_id == drafts.CONTINUE:
        return await steps.resume(press, action.value)
    if action.action_id == drafts.DISCARD:
        return await steps.discard(press, action.value)
    option, number = drafts.chosen(action.raw)
    of_option = {
        drafts.EDIT_OPTION: steps.edit,
        drafts.COPY_OPTION: steps.copy,
        drafts.REMOVE_OPTION: steps.remove,
    }.get(option)
    return await of_option(press, number) if of_option else unchanged
