"""A form is opened, however it was asked for."""

import logging
from collections.abc import Mapping

from blocks.answers import Answers, Value
from blocks.form_state import State, new_key
from bot.form_data import Context
from bot.kind import Kind
from bot.services import Services
from bot.slack import web_api
from bot.slack.payloads import Opening

log = logging.getLogger(__name__)

NOT_SET_UP = "command.not_set_up"


async def open_form(
    services: Services,
    kind: Kind[Context, State],
    opening: Opening,
    values: Mapping[str, Value],
) -> None:
    """Open a kind's form with these values, or tell the person that it could not be opened."""
    metadata = kind.form.metadata_type.model_validate({"key": new_key(), "origin": opening.origin})
    try:
        await services.views.open(opening.trigger_id, kind, opening.user, metadata, Answers(values))
    except web_api.SlackError as error:
        log.warning("a form could not be opened: %s", error)
        await services.users.tell(opening.user, opening.response_url, "command.could_not_open")
