"""The form in which a person chooses the anomaly of photos is submitted."""

import logging
from collections.abc import Mapping

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import photo_choice
from bot.services import Services
from bot.slack import payload_shapes
from bot.slack.payloads import Body, well_formed
from storage import photo_choices, photos, reports
from storage.engine import StorageError

log = logging.getLogger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    @app.view(photo_choice.CALLBACK_ID)
    async def submitted(ack: AsyncAck, body: Body) -> None:
        with well_formed():
            payload = payload_shapes.OnView.model_validate(body)
            number = int(payload.view.private_metadata)
            choices = photo_choice.read(payload.view.state.values)
        user = payload.person_at(services.users.workspace)
        words = services.users.words(user)
        errors = photo_choice.faults(words, choices, await _chosen_before(services, number))
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        refusal = await _store(services, number, choices, user, press=payload.view.id)
        if refusal is None:
            await ack()
            return
        view = photo_choice.refused(words, words(f"command.{refusal}", number=number))
        await ack(response_action="update", view=view)


async def _chosen_before(services: Services, number: int) -> Mapping[int, str]:
    """The API's ids that findings of a report have already, by their place. Without the file there
    is none: `_store` says then that nothing can be stored.
    """
    try:
        stored = await services.store.read(photos.of_report, number)
    except StorageError:
        log.exception("the choice of an anomaly could not be stored", extra={"report": number})
        return {}
    return {photo.thing: photo.target for photo in stored if photo.target is not None}


async def _store(
    services: Services, number: int, choices: Mapping[int, str | None], user: str, *, press: str
) -> str | None:
    """Store a choice.

    :param press: the same for a form that Slack sends twice
    :returns: the reason why nothing was done, a key of the words' `command`; None when the choice
        counts
    """
    now = services.clock.time()
    try:
        report = await services.store.read(reports.get, number)
        if report is None or not services.may_decide(report.who, user):
            return "forbidden"
        if not await services.store.write_urgent(
            photo_choices.choose, number, choices, who=user, press=press, now=now
        ):
            return "photos_too_late"
    except StorageError as error:
        log.exception("the choice of an anomaly could not be stored", extra={"user": user})
        return error.outcome
    log.info("the anomaly of photos was chosen", extra={"report": number, "user": user})
    services.news_of(report.api, None)
    return None
