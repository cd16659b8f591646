"""A button opens a form, wherever the button is."""

from collections.abc import Mapping

from blocks.answers import Value
from blocks.form_state import Origin
from bot.kind import AnyKind
from bot.listeners.opening import open_form
from bot.listeners.pressing import PressRefusedError
from bot.services import Services
from bot.slack.payloads import Press


async def open_with(
    kind: AnyKind, services: Services, press: Press, origin: Origin, values: Mapping[str, Value]
) -> None:
    """Open the form of a button, filled in with these values.

    :param origin: the place of its receipt
    :raises PressRefusedError: when it cannot be opened
    """
    if kind.client is None:
        raise PressRefusedError("command.not_set_up", facts=kind.missing)
    if not await open_form(services, kind, press.user, press.trigger_id, origin, values):
        raise PressRefusedError("command.could_not_open")
