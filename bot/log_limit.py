"""A limit for log lines that strangers can cause."""

import logging
import time
from collections.abc import Callable

BURST = 10
"""Lines of one origin, which is a line of code, in a period."""
PERIOD = 60.0
"""Seconds."""


class LogLimit(logging.Filter):
    """Passes the first lines of each origin in a period. The first line of the next period says how
    many were left out.

    :param clock: seconds that never go back
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._began = clock()
        self._counts: dict[tuple[str, int], int] = {}
        self._left_out: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        origin = (record.pathname, record.lineno)
        if self._clock() - self._began >= PERIOD:
            self._left_out = {place: n - BURST for place, n in self._counts.items() if n > BURST}
            self._began, self._counts = self._clock(), {}
        self._counts[origin] = count = self._counts.get(origin, 0) + 1
        if count > BURST:
            return False
        if more := self._left_out.pop(origin, 0):
            record.msg = f"{record.msg} ({more} more lines like this were left out)"
        return True


def limit(*names: str) -> None:
    """Limit these loggers, each once."""
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(filter_, LogLimit) for filter_ in logger.filters):
            logger.addFilter(LogLimit())
