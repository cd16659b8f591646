"""The button below a posted link opens the form, filled in with the link."""

from collections.abc import Mapping
from functools import partial

from slack_bolt.async_app import AsyncApp

from blocks.form_state import Origin
from blocks.unfurl import REPORT
from bot.kind import AnyKind
from bot.listeners.form_buttons import open_with
from bot.listeners.pressing import on_press_later
from bot.services import Services
from bot.slack.payloads import Press
from bot.slack.permalinks import permalink


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    for kind in kinds.values():
        on_press_later(app, f"{REPORT}.{kind.name}", services, partial(_report, kind))


async def _report(kind: AnyKind, services: Services, press: Press) -> None:
    """The receipt is posted in the thread of the message with the link."""
    base, thread_ts = services.users.workspace_url, press.thread_ts
    origin = Origin(
        team=press.team,
        channel=press.channel,
        thread_ts=thread_ts or press.ts,
        link=permalink(base, press.channel, press.ts, thread_ts) if base else None,
        place=press.place,
    )
    await open_with(kind, services, press, origin, kind.form.from_words(press.value))
