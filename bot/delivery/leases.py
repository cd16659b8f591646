"""Leases: a process that sends a report renews a lease, as a sign that it is alive."""

from collections.abc import Collection

from bot.clock import StepDetector
from bot.delivery.scope import DeliveryScope
from storage import delivery_queue


class Leases:
    """The leases of one process on one API's reports. Leases are stored as UNIX seconds, because
    other processes read them.
    """

    def __init__(self, scope: DeliveryScope) -> None:
        self._api, self._store, self._clock = scope.api.name, scope.store, scope.clock
        self._owner, self._is_dead, self._lease = scope.owner, scope.is_dead, scope.limits.lease
        self._steps = StepDetector(scope.clock)
        self._trusted_from = float("-inf")
        self._started_at = scope.clock.monotonic()

    @property
    def every(self) -> float:
        """Seconds between two renewals."""
        return self._lease / 4

    async def renew(self, numbers: Collection[int]) -> None:
        """Say that these reports are still being sent."""
        if not numbers:
            return
        now = self._clock.time()
        await self._store.write(
            delivery_queue.renew, self._owner, list(numbers), now=now, lease=self._lease
        )

    async def fail_stalled(self) -> bool:
        """The reports that a dead process was sending become unknown.

        After the date was set, every living process first gets the time to renew its leases.

        :returns: whether there was any
        """
        if self._steps.step():
            self._trusted_from = self._clock.monotonic() + self._lease
        passed = self._clock.monotonic()
        if passed < self._trusted_from:
            return False
        # A lease that ends later than any living process could ask for was made before the date
        # was set back. At a start, those that live get the time to renew theirs.
        longest = 2 * self._lease if passed - self._started_at >= self._lease else None
        return bool(
            await self._store.write(
                delivery_queue.fail_stalled,
                self._api,
                now=self._clock.time(),
                longest=longest,
                is_dead=self._is_dead,
            )
        )
