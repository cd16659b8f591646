"""What people and channels used last, read from the reports themselves."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from storage import reports
from storage.reports import Use
from storage.store import Store

KEPT = 10
"""Numbers of a field for each person and channel."""
LOOKED_AT = 2000
"""Reports that are read at the start."""
SITE, INSTALLATION, REPORT = "siteId", "technicalInstallationId", "reportId"


class Recents:
    """A person's last sites and installations, a channel's last reports."""

    def __init__(self, store: Store, kind: str) -> None:
        self._store, self._kind = store, kind
        self._seen = 0
        self._last: dict[tuple[str, str], list[int]] = {}
        self._reading = asyncio.Lock()

    def of(self, scope: str, name: str) -> list[int]:
        """Newest first.

        :param scope: a person, or a channel for reports
        """
        return self._last.get((scope, name), [])

    async def catch_up(self) -> None:
        """Read what was reported since, by any process."""
        async with self._reading:
            uses = await self._store.read(
                reports.list_uses, self._kind, after=self._seen, limit=LOOKED_AT
            )
            for use in uses:
                for scope, name, number in _named(use):
                    known = self._last.setdefault((scope, name), [])
                    self._last[scope, name] = [number, *(n for n in known if n != number)][:KEPT]
                self._seen = use.number


def _named(use: Use) -> Iterator[tuple[str, str, int]]:
    payload: Mapping[str, Any] = use.payload
    yield str(use.origin.get("channel")), REPORT, int(payload[REPORT])
    for one in payload["anomalies"]:
        yield use.who, SITE, int(one[SITE])
        yield use.who, INSTALLATION, int(one[INSTALLATION])
