"""What delivers reports: the same for every API."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.delivery.http_client import Outcome
from storage.api_calls import Call


class Api(Protocol):
    """What delivers reports of some kinds."""

    @property
    def name(self) -> str: ...

    @property
    def setting(self) -> str:
        """What an operator renews when our token is refused."""

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """Send one report, once. Calls made are added to `calls`."""

    async def works(self, calls: list[Call]) -> bool:
        """Whether our token is good now."""

    async def find(
        self, payload: Mapping[str, Any], since: float, calls: list[Call]
    ) -> Mapping[str, Any] | None:
        """What the answer to a report in doubt would have said, if all of it is there."""
