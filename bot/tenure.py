"""The lease of the back office, as this process has it or waits for it.

A process that stood still for longer than the lease finds by its own clock, without the database,
that its time is over: then it claims nothing more.
"""

import logging
import math

from bot.claim_owner import Process
from bot.clock import Clock
from storage import back_office
from storage.back_office import Lease
from storage.engine import StorageError
from storage.store import Store

__all__ = ["Process", "Tenure"]

log = logging.getLogger(__name__)

LEASE = 5.0
"""Seconds after which another process takes the place of one that does not renew its lease."""


class Tenure:
    every = 1.0
    """Seconds between two renewals, and between two looks of a process that waits."""

    def __init__(self, store: Store, process: Process) -> None:
        """:param process: owns what the workers claim"""
        self.process, self._store = process, store
        self.clock = Clock()
        """The machine's own: the lease ends by the clock of a server."""
        self._owner = process.owner()
        self._until = -math.inf
        self._fault: str | None = None

    def holds(self) -> bool:
        """Whether this process is the back office right now."""
        return self.clock.since_boot() < self._until

    async def take(self) -> float | None:
        """Take the lease or renew it. On a file it is this process's for ever.

        :returns: 0 when it is this process's; otherwise the seconds until it may be another's. None
            when the database does not say
        """
        if not self._store.is_shared:
            self._until = math.inf
            return 0.0
        began = self.clock.since_boot()
        try:
            lease = await self._take()
        except StorageError as error:
            self._log_fault(str(error))
            return None
        self._fault = None
        if lease.owner == self._owner:
            self._until = began + LEASE
            return 0.0
        self._until = -math.inf
        return max(0.01, lease.left)

    async def leave(self) -> None:
        """Give the lease up. Without the database it ends by itself."""
        self._until = -math.inf
        if self._store.is_shared:
            try:
                await self._store.write_urgent(back_office.leave, self._owner)
            except StorageError as error:
                self._log_fault(str(error))

    async def _take(self) -> Lease:
        is_dead = self.process.is_dead
        # A look takes no lock. After a fault it is a write, which ends the fault: a process that
        # waits may store nothing else for hours, and would not be ready all that time.
        if not self.holds() and self._store.fault() is None:
            lease = await self._store.read(back_office.find)
            is_ours = lease is not None and lease.owner == self._owner
            if lease and not is_ours and lease.left > 0 and not is_dead(lease.owner):
                return lease
        return await self._store.write_urgent(
            back_office.take, self._owner, lease=LEASE, is_dead=is_dead
        )

    def _log_fault(self, why: str) -> None:
        if self._fault is None:
            log.warning("the lease of the back office is not renewed", extra={"why": why})
        self._fault = why
