"""The objects that every part of one API's delivery works with."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.config import DeliveryLimits
from bot.delivery.api import Api
from storage.store import Store


@dataclass(frozen=True)
class DeliveryScope:
    api: Api
    store: Store
    clock: Clock
    limits: DeliveryLimits
    owner: str
    """The name under which this process claims reports."""
    is_dead: Callable[[str], bool]
    """Whether the process with that owner's name is known to have ended."""
    wake_receipts: Callable[[str | None], None]
    """Called when a receipt has news, with its channel; None when any channel may have news."""
    refused: Callable[[], None] = lambda: None
    """Called when the API refuses our token."""
    may_claim: Callable[[], bool] = lambda: True
    """Whether this process is the back office at this moment."""
