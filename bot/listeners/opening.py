"""A form is opened, however it was asked for."""

import logging
from collections.abc import Mapping

from blocks.answers import Answers, Value
from blocks.form import FieldErrors
from blocks.form_state import Edited, Origin, new_key
from bot.kind import Context, Kind, State
from bot.services import Services
from bot.slack import web_api

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
    metadata = kind.form.metadata_type.model_validate(
        {"key": new_key(), "origin": origin, "edits": edits}
    )
    try:
        await services.views.open(trigger_id, kind, user, metadata, Answers(values), field_errors)
    except web_api.SlackError as error:
        log.warning("a form could not be opened: %s", error)
        return False
    return True
