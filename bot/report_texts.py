"""Adds the texts by which reports are searched, where an earlier release stored or changed them."""

import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from bot.background import Alarm, repeat
from bot.clock import Clock
from bot.texts import searched
from storage import report_texts
from storage.report_texts import MADE
from storage.store import Store

log = logging.getLogger(__name__)

PAUSE = 0.02
"""Seconds after a piece was added, so that forms are answered meanwhile."""
LOOK_PAUSE = 1.0
"""Seconds after a look that found none lacking. A million reports are 500 looks of some
milliseconds."""
LOOK_EVERY = 3600.0
"""Seconds between two looks at all reports: another process may be of an earlier release."""


def loops(store: Store, clock: Clock) -> Mapping[str, Coroutine[Any, Any, None]]:
    """The loop that adds the texts, by its name."""
    return {"texts of reports": ReportTexts(store, clock).run()}


class ReportTexts:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lacking: Sequence[int] = ()
        """The numbers of reports that were looked at, and lack their texts."""
        self._after: int | None = None
        """The highest number that was looked at; None when the next look is at the first ones."""
        self._added = 0
        """Texts that were added since the last time that none was lacking."""

    async def run(self) -> None:
        await repeat("texts of reports", self.step, Alarm(self._clock), log)

    async def step(self) -> float:
        """Add texts to a few reports that lack them, and look for further ones.

        :returns: seconds until the next step
        """
        if not self._lacking:
            self._lacking, self._after = await self._store.read(
                report_texts.lacking, after=self._after or 0
            )
        numbers, self._lacking = self._lacking[:MADE], self._lacking[MADE:]
        if numbers:
            await self._store.write(report_texts.fill, numbers, searched)
            self._added += len(numbers)
        if self._lacking or (numbers and self._after is not None):
            return PAUSE
        if self._after is not None:
            return LOOK_PAUSE
        if self._added:
            log.info("reports can be searched by stored texts", extra={"reports": self._added})
        self._added = 0
        return LOOK_EVERY
