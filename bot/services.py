"""What listeners work with. They get it when they are registered; nothing is global."""

from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.background import Tasks
from bot.clock import Clock
from bot.config import Config
from bot.setup import Setup
from bot.slack.users import Users
from bot.slack.views import Views
from storage.store import Store


@dataclass(frozen=True)
class Services:
    client: AsyncWebClient
    store: Store
    users: Users
    views: Views
    config: Config
    clock: Clock
    tasks: Tasks
    """Work that goes on behind an acknowledgement."""
    news_of: Callable[[str, str | None], None]
    """A report was stored or changed: wake the worker of its API, and the receipts.

    Its second argument is the channel of the receipt; None when any channel may have news.
    """

    @classmethod
    def of(
        cls, setup: Setup, client: AsyncWebClient, news_of: Callable[[str, str | None], None]
    ) -> "Services":
        store, clock = setup.store, setup.clock
        users = Users(client, store, setup.settings.constat_language, clock)
        views = Views(client, users, clock)
        return cls(client, store, users, views, setup.config, clock, Tasks(), news_of)
