"""The listeners, which answer Slack. A listener reads, validates, stores, acknowledges once, and
hands over.
"""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.kind import AnyKind
from bot.listeners import (
    commands,
    form_actions,
    options,
    reports,
    shortcuts,
    submissions,
)
from bot.services import Services


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    # Bolt asks one listener after another, and each question takes a few hundredths of a
    # millisecond. A submission waits for the disk too, so it is first. Events are next, because
    # each message and each opened Home is an event.
    for kind in kinds.values():
        submissions.register(app, kind, services)
    reports.register_events(app, kinds, services)
    mine = reports.my_reports(kinds, services)
    for kind in kinds.values():
        submissions.register_file_anyway(app, kind, services)
        commands.register(app, kind, services, mine)
        shortcuts.register(app, kind, services)
        form_actions.register(app, kind, services)
        options.register(app, kind, services)
        for listener in kind.listeners:
            listener(app, kind, services)
    reports.register(app, kinds, services)
