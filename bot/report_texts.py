"""Adds the texts by which reports are searched, where an earlier release stored or changed them."""

import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from bot.background import Alarm, repeat
from bot.clock import Clock
from bot.texts import searched
from storage import report_texts
from storage.report_texts import PIECE
from storage.store import Store

log = logging.getLogger(__name__)

PAUSE = 0.02
"""Seconds between two pieces, so that forms are answered meanwhile."""
LOOK_EVERY = 3600.0
"""Seconds between two looks at all reports: another process may be of an earlier release."""


def loops(store: Store, clock: Clock) -> Mapping[str, Coroutine[Any, Any, None]]:
    """The loop that adds the texts, by its name."""
    return {"texts of reports": ReportTexts(store, clock).run()}


class ReportTexts:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._after = 0
        """The highest number that was looked at."""
        self._added = 0
        """Texts that were added since the last time that none was lacking."""

    async def run(self) -> None:
        await repeat("texts of reports", self.step, Alarm(self._clock), log)

    async def step(self) -> float:
        """Look at the next reports, and add the texts that they lack.

        :returns: seconds until the next step
        """
        lacking, after = await self._store.read(report_texts.lacking, after=self._after)
        for begin in range(0, len(lacking), PIECE):
            numbers = lacking[begin : begin + PIECE]
            await self._store.write(report_texts.fill, numbers, searched)
            await self._clock.sleep(PAUSE)
        self._added += len(lacking)
        self._after = after or 0
        if after is not None:
            return PAUSE
        if self._added:
            log.info("reports can be searched by stored texts", extra={"reports": self._added})
        self._added = 0
        return LOOK_EVERY
