"""The steps that commands and shortcuts share: both open a form."""

from collections.abc import Mapping

from blocks.answers import Value
from bot.kind import Context, Kind, State
from bot.listeners.opening import open_form
from bot.services import Services
from bot.slack.payloads import Opening

NOT_SET_UP = "command.not_set_up"


async def open_or_tell(
    services: Services,
    kind: Kind[Context, State],
    opening: Opening,
    values: Mapping[str, Value],
) -> None:
    """Open the form, or tell the person that it could not be opened."""
    user, trigger = opening.user, opening.trigger_id
    if not await open_form(services, kind, user, trigger, opening.origin, values):
        await services.users.tell(user, opening.response_url, "command.could_not_open")
