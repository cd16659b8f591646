"""What listeners work with. They get it when they are registered; nothing is global."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.background import Tasks
from bot.clock import Clock
from bot.config import Config
from bot.delivery.worker import DeliveryWorker
from bot.receipt_worker import ReceiptWorker
from bot.slack.users import People
from bot.slack.views import Views
from storage.store import Store


@dataclass(frozen=True)
class Services:
    client: AsyncWebClient
    store: Store
    people: People
    views: Views
    config: Config
    workers: Mapping[str, DeliveryWorker]
    """By API; one that is not set up has none."""
    receipt_worker: ReceiptWorker
    tasks: Tasks
    """Work that goes on behind an acknowledgement."""
    clock: Clock
