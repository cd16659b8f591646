"""The buttons and menus of the App Home, of the list of `mine`, and of an answered direct message.
The buttons that decide about a report are those of its receipt.
"""

from collections.abc import Mapping
from functools import partial

from slack_bolt.async_app import AsyncApp

from blocks.home.model import AGAIN, ANY, FORM, KIND, LANGUAGE, NEWER, OLDER, SEARCH, STATE
from bot.kind import AnyKind
from bot.listeners.form_buttons import open_with
from bot.listeners.opening import origin_of
from bot.listeners.pressing import on_press_later, report_of
from bot.services import Services
from bot.slack.payloads import Press
from storage import homes


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    for kind in kinds.values():
        on_press_later(app, f"{FORM}.{kind.name}", services, partial(_open, kind))
    on_press_later(app, AGAIN, services, partial(_again, kinds))
    for action_id in (NEWER, OLDER):
        on_press_later(app, action_id, services, _turn)
    for action_id in (STATE, KIND):
        on_press_later(app, action_id, services, _limit)
    on_press_later(app, SEARCH, services, _search)
    on_press_later(app, LANGUAGE, services, _choose_language)


async def _open(kind: AnyKind, services: Services, press: Press) -> None:
    """Open the form, filled in from the direct message that the button answers."""
    values = kind.form.from_message({"text": press.value}, None) if press.value else {}
    await open_with(kind, services, press, await origin_of(services, press), values)


async def _again(kinds: Mapping[str, AnyKind], services: Services, press: Press) -> None:
    """Open a form for another report, filled in with the values of the first."""
    report = await report_of(services, press)
    kind = kinds[report.kind]
    values = kind.form.from_payload(report.payload)
    await open_with(kind, services, press, await origin_of(services, press), values)


async def _turn(services: Services, press: Press) -> None:
    if press.value.isascii() and press.value.isdigit() and len(press.value) <= 9:
        await _choose(services, press, {"page": int(press.value)})


async def _limit(services: Services, press: Press) -> None:
    """Another filter begins on its first page."""
    name = {STATE: "state", KIND: "kind"}[press.action_id]
    chosen = None if press.option == ANY else press.option
    await _choose(services, press, {name: chosen, "page": 0})


async def _search(services: Services, press: Press) -> None:
    """Show the reports with these words, from the first page on. No words show all."""
    await _choose(services, press, {"words": press.value.strip() or None, "page": 0})


async def _choose_language(services: Services, press: Press) -> None:
    await services.users.choose_language(press.user, press.option)


async def _choose(services: Services, press: Press, chosen: Mapping[str, object]) -> None:
    now = services.clock.time()
    await services.store.write_urgent(homes.choose, press.user, chosen, now=now)
