"""A form is submitted: validate, store, acknowledge once, hand over."""

import logging
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import modal
from blocks.form_state import FormMetadata
from bot.kind import Context, Kind, State
from bot.listeners.earlier import NotTakenError
from bot.listeners.filing import Submission
from bot.services import Services
from bot.slack.payloads import Body
from storage.drafts import DraftChangedError

log = logging.getLogger(__name__)

TRIES = 3
"""Readings of a submitted form whose draft changes meanwhile."""


def register(app: AsyncApp, kind: Kind[Context, State], services: Services) -> None:
    @app.view(kind.name)
    async def submitted(ack: AsyncAck, body: Body) -> None:
        submission = Submission.of(services, kind, body)
        form = submission.form
        services.views.submitted(form.view_id)
        try:
            await _store(submission, ask=True)
        except NotTakenError as refused:
            await _answer(ack, submission, refused)
        else:
            await ack()
            services.views.closed(form.view_id)
            submission.hand_over()


def register_file_anyway(app: AsyncApp, kind: Kind[Context, State], services: Services) -> None:
    """The button *File anyway*. It is apart, because Bolt tries listeners in the order of their
    registration, and events are far more frequent."""

    @app.action({"action_id": modal.FILE_ANYWAY, "block_id": f"{modal.FILE_ANYWAY}.{kind.name}"})
    async def file_anyway(ack: AsyncAck, body: Body) -> None:
        submission = Submission.of(services, kind, body)
        form = submission.form
        try:
            number = await _store(submission, ask=False)
        except NotTakenError as refused:
            await ack()
            view = _drawn(submission, refused)
        else:
            await ack()
            services.views.closed(form.view_id)
            submission.hand_over()
            view = modal.saved(services.users.words(form.user), form.title, number)
        services.tasks.start(services.views.replace(form.view_id, view))


async def _store(submission: Submission[Context, State], *, ask: bool) -> int:
    """Store a form with its draft as it is stored. The draft may change while the form is read: the
    person removed an anomaly right before *Send*, or continues the draft in another window.

    :raises NotTakenError: when nothing was stored
    """
    for _ in range(TRIES):
        try:
            return await submission.store(ask=ask)
        except DraftChangedError:
            log.info(
                "a draft changed while its form was sent", extra={"user": submission.form.user}
            )
    raise submission.refused("form.not_stored")


async def _answer(
    ack: AsyncAck, submission: Submission[Context, State], refused: NotTakenError
) -> None:
    """Each fault on its own field. A form that lacks the field is drawn again with it."""
    field_errors, blocks = refused.field_errors, submission.form.answers.blocks
    if field_errors and field_errors.keys() <= blocks.keys():
        errors = {blocks[name]: sentence for name, sentence in field_errors.items()}
        submission.services.views.refused(submission.kind, submission.form, field_errors)
        await ack(response_action="errors", errors=errors)
    else:
        await ack(response_action="update", view=_drawn(submission, refused))


def _drawn(submission: Submission[Context, State], refused: NotTakenError) -> dict[str, Any]:
    """The form again, with its errors and questions."""
    kind, form, views = submission.kind, submission.form, submission.services.views
    metadata, errors = _asking(form.metadata.redrawn(), refused), refused.field_errors
    view = views.drawn(kind, form.user, metadata, form.answers, errors)
    views.refused(kind, replace(form, metadata=metadata), errors, view)
    return view


def _asking(metadata: FormMetadata[State], refused: NotTakenError) -> FormMetadata[State]:
    """The metadata with the question or the warning that the form has to show."""
    if refused.earlier:
        metadata = metadata.model_copy(update={"earlier": refused.earlier})
    if refused.edits:
        metadata = metadata.model_copy(update={"edits": refused.edits})
    return metadata
