"""What listeners work with. They get it when they are registered; nothing is global."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.delivery.lane import Lane
from bot.people import People
from bot.policy import Policy
from bot.receipts import Teller
from bot.screens import Screens
from bot.tasks import Tasks
from storage.store import Store


@dataclass(frozen=True)
class Services:
    client: AsyncWebClient
    store: Store
    people: People
    screens: Screens
    policy: Policy
    lanes: Mapping[str, Lane]
    """By API; one that is not set up has none."""
    teller: Teller
    tasks: Tasks
    """Work that goes on behind an acknowledgement."""
    clock: Clock
