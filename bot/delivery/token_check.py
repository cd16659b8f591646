"""Checks whether an API that refused our token takes it again."""

from bot.delivery.api import accepts
from bot.delivery.scope import DeliveryScope
from storage import api_calls
from storage.api_calls import Call

CHECK_EVERY = 60.0
"""Seconds between two checks."""
SOONEST_CHECK = 1.0
"""Seconds between two checks, however often somebody asks for one."""


class TokenCheck:
    def __init__(self, scope: DeliveryScope) -> None:
        self._api, self._store, self._clock = scope.api, scope.store, scope.clock
        self._next = self._last = float("-inf")

    def bring_forward(self) -> None:
        """Check as soon as allowed: a report was stored, or a person asked for one."""
        self._next = min(self._next, self._last + SOONEST_CHECK)

    async def wait(self) -> float:
        """Check, unless it is too early.

        :returns: 0 when the API takes the token, otherwise seconds until the next check
        """
        if (seconds := self._next - self._clock.monotonic()) > 0:
            return seconds
        self._last = self._clock.monotonic()
        self._next = self._last + CHECK_EVERY
        calls: list[Call] = []
        is_taken = accepts(await self._api.check(calls))
        await self._store.write(api_calls.add, calls)
        return 0.0 if is_taken else CHECK_EVERY
