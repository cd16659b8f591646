"""The button of a list that continues an unsent draft."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from blocks.home.model import CONTINUE
from bot.kare.assembly import Assembly
from bot.kind import AnyKind
from bot.listeners.opening import new_metadata, origin_of, show_form
from bot.listeners.pressing import PressRefusedError, on_press_later
from bot.services import Services
from bot.slack.payloads import Press


def register(parts: Assembly, app: AsyncApp, kind: AnyKind, services: Services) -> None:
    resume = partial(_continue, parts, kind)
    on_press_later(app, f"{CONTINUE}.{kind.name}", services, resume)


async def _continue(parts: Assembly, kind: AnyKind, services: Services, press: Press) -> None:
    """Open a form that has the draft from now on."""
    metadata = new_metadata(kind, await origin_of(services, press), has_draft=True)
    words = services.users.words(press.user)
    continued = await parts.draft_steps.begin(
        press.user, words, metadata, press.value, now=services.clock.time()
    )
    if continued is None:
        raise PressRefusedError("home.draft_gone")
    if not await show_form(services, kind, press.user, press.trigger_id, *continued):
        raise PressRefusedError("command.could_not_open")
