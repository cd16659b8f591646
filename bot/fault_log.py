"""The log of faults that come back: each is logged once."""

import logging


class FaultLog:
    """Logs each fault with its traceback once, however often it comes back in a row."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._last: dict[tuple[object, ...], str] = {}

    def fault(self, message: str, error: BaseException, **facts: object) -> None:
        """
        :param message: the same text for each fault of the kind
        :param facts: which report, loop, or person it is; a fault counts for these alone
        """
        fault = f"{type(error).__name__}: {error}"
        fields = {**facts, "why": fault}
        key = (message, *facts.values())
        if self._last.get(key) == fault:
            self._logger.debug(message, extra=fields)
            return
        self._last[key] = fault
        self._logger.error(message, extra=fields, exc_info=error)

    def over(self, message: str, **facts: object) -> None:
        """The work was done: the next fault is logged again."""
        self._last.pop((message, *facts.values()), None)
