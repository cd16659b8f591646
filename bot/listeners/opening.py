"""A form is opened, however it was asked for."""

import logging
from collections.abc import Mapping

from blocks.answers import Answers, Value
from blocks.form import FieldErrors
from blocks.form_state import Edited, FormMetadata, Origin, new_key
from bot.kind import Context, Kind, State
from bot.services import Services
from bot.slack import web_api
from bot.slack.payloads import Press
from storage import homes

log = logging.getLogger(__name__)


async def open_form(
    services: Services,
    kind: Kind[Context, State],
    user: str,
    trigger_id: str,
    origin: Origin,
    values: Mapping[str, Value],
    *,
    edits: Edited | None = None,
    field_errors: FieldErrors | None = None,
) -> bool:
    """Open a kind's form with these values.

    :returns: whether Slack opened it
    """
    metadata = new_metadata(kind, origin, edits=edits)
    return await show_form(
        services, kind, user, trigger_id, metadata, Answers(values), field_errors=field_errors
    )


def new_metadata(
    kind: Kind[Context, State], origin: Origin, *, edits: Edited | None = None, **state: object
) -> FormMetadata[State]:
    """The metadata of a form that is not open yet.

    :param state: the fields of the kind's own state that differ from their defaults
    """
    return kind.form.metadata_type.model_validate(
        {"key": new_key(), "origin": origin, "edits": edits, "state": state}
    )


async def origin_of(services: Services, press: Press) -> Origin:
    """Where the receipt of a form is posted that a button opens: in the conversation of the button.
    For a button of a Home these are the direct messages between the person and the bot.
    """
    channel = press.channel
    if press.on_home:
        home = await services.store.read(homes.get, press.user)
        channel = home.channel if home else press.user
    place = "direct" if press.on_home or channel.startswith("D") else None
    return Origin(team=press.team, channel=channel, place=place)


async def show_form(
    services: Services,
    kind: Kind[Context, State],
    user: str,
    trigger_id: str,
    metadata: FormMetadata[State],
    answers: Answers,
    *,
    field_errors: FieldErrors | None = None,
) -> bool:
    """Open a form with this metadata and these answers.

    :returns: whether Slack opened it
    """
    try:
        await services.views.open(trigger_id, kind, user, metadata, answers, field_errors)
    except web_api.SlackError as error:
        log.warning("a form could not be opened", extra={"why": error})
        return False
    return True
