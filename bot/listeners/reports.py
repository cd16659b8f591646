"""The buttons of reports, wherever they are shown, and the events that show them."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.home.mine import MyReports
from bot.home.reader import HomeReader
from bot.kind import AnyKind
from bot.listeners import events, home, links, receipt_actions
from bot.services import Services


def my_reports(kinds: Mapping[str, AnyKind], services: Services) -> MyReports:
    """The answer of the commands to `mine`."""
    return MyReports(services, HomeReader(services, kinds))


def register(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    receipt_actions.register(app, kinds, services)
    home.register(app, kinds, services)
    links.register_button(app, kinds, services)


def register_events(app: AsyncApp, kinds: Mapping[str, AnyKind], services: Services) -> None:
    # The listener of all events also takes the events of links.
    links.register(app, kinds, services)
    events.register(app, services)
