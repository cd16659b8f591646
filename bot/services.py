"""What listeners work with. They get it when they are registered; nothing is global."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.background import Handover, SharedAlarm, Tasks
from bot.clock import Clock
from bot.config import Config
from bot.setup import Setup
from bot.slack import web_api
from bot.slack.users import Users
from bot.slack.views import Views
from storage.store import Store

HOME_LEASE = 60.0
"""Seconds after which another process may publish a Home that this one claimed."""


class NewsOf(Protocol):
    """A report was stored or changed: wakes the worker of its API, the receipts and the notices."""

    def __call__(self, api: str, channel: str | None, *, notices: bool = True) -> None:
        """:param channel: of the report's receipt; None when any channel may have news
        :param notices: whether notices may have been added or changed
        """


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
    news_of: NewsOf
    event_alarm: SharedAlarm
    """An event of Slack was stored."""
    token_alarm: SharedAlarm
    """Slack may not accept the bot's token any more: it is to be checked now."""
    homes: Handover[Any]
    """Somebody waits for their App Home: its worker gets the outdated `Home`, or looks for it."""
    unfurl_domains: tuple[str, ...] = ()
    """The domains whose links are unfurled."""

    def may_decide(self, reporter: str, user: str) -> bool:
        """Whether a person may act on a report: its reporter and the admins may."""
        return user == reporter or self.is_admin(user)

    def is_admin(self, person: str) -> bool:
        return person in self.admins()

    def admins(self) -> frozenset[str]:
        """The ids of the admins. The setting may name the home in front of a user id."""
        return frozenset(map(self.users.workspace.person_named, self.config.admins))

    @classmethod
    @asynccontextmanager
    async def opened(cls, setup: Setup, news_of: NewsOf) -> AsyncIterator["Services"]:
        """The services, with a connection to Slack until the block ends."""
        settings, store, clock = setup.settings, setup.store, setup.clock
        token = settings.slack_bot_token.get_secret_value()
        async with web_api.web_client(token, settings.slack_api_url, setup.scrubber) as client:
            users = Users(client, store, settings.constat_language, clock)
            await users.load()
            views = Views(client, users, clock, store.news)
            yield cls(
                client,
                store,
                users,
                views,
                setup.config,
                clock,
                Tasks(),
                news_of,
                event_alarm=SharedAlarm("events", store.news, clock),
                token_alarm=SharedAlarm("token of Slack", store.news, clock),
                homes=Handover(
                    "Homes",
                    store.news,
                    clock,
                    setup.process.owner(),
                    HOME_LEASE,
                    setup.tenure.holds,
                ),
                unfurl_domains=settings.constat_unfurl_domains,
            )
