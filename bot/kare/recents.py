"""The numbers that people and channels used last, read from the stored reports."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from storage import uses
from storage.store import Store
from storage.uses import Use

KEPT = 10
"""Numbers of a field for each person and channel."""
REPORTS_READ = 2000
"""Reports that are read at the start: the newest."""
SITE, INSTALLATION, REPORT = "siteId", "technicalInstallationId", "reportId"


class Recents:
    """A person's last sites and installations, a channel's last reports."""

    def __init__(self, store: Store, kind: str) -> None:
        self._store, self._kind = store, kind
        self._last_read = 0
        """The number of the newest report that was read."""
        self._numbers: dict[tuple[str, str], list[int]] = {}
        self._reading = asyncio.Lock()

    def of(self, scope: str, field: str) -> list[int]:
        """Newest first.

        :param scope: a person, or a channel for the field of reports
        """
        return self._numbers.get((scope, field), [])

    async def catch_up(self) -> None:
        """Read the reports that any process stored since the last time."""
        async with self._reading:
            found = await self._store.read(
                uses.list_uses, self._kind, after=self._last_read, limit=REPORTS_READ
            )
            for use in found:
                for scope, field, number in _numbers_in(use):
                    used = self._numbers.setdefault((scope, field), [])
                    earlier = [
                        earlier_number for earlier_number in used if earlier_number != number
                    ]
                    self._numbers[scope, field] = [number, *earlier][:KEPT]
                self._last_read = use.number


def _numbers_in(use: Use) -> Iterator[tuple[str, str, int]]:
    payload: Mapping[str, Any] = use.payload
    yield str(use.origin.get("channel")), REPORT, int(payload[REPORT])
    for anomaly in payload["anomalies"]:
        yield use.who, SITE, int(anomaly[SITE])
        yield use.who, INSTALLATION, int(anomaly[INSTALLATION])
