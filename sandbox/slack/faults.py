"""Faults that the next calls of a Web API method meet instead of a plain answer."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "slow", "cut", "cut_before", "error", "orphan"]


@dataclass(frozen=True)
class SlackFault:
    """One way for a call to fail.

    429         answered with Retry-After, `seconds`
    500         answered with an HTML page
    slow        answered after `seconds`
    cut         carried out, then the connection is cut before the answer
    cut_before  the connection is cut, nothing is carried out
    error       answered with Slack's error string `error`, nothing is carried out
    orphan      the message that `thread_ts` names is deleted first, then the call is carried out
    """

    kind: Kind
    seconds: float = 1.0
    error: str = "internal_error"


class SlackFaults:
    """The faults that are switched on, by method."""

    def __init__(self) -> None:
        self._queued: dict[str, deque[SlackFault]] = defaultdict(deque)
        self._always: dict[str, SlackFault] = {}

    def set(self, method: str, fault: SlackFault, *, times: int | None = None) -> None:
        """For the next `times` calls, in the order they were set; None is until `clear`.

        A fault for a number of calls comes before one that lasts until `clear`.
        """
        if times is None:
            self._always[method] = fault
        else:
            self._queued[method].extend([fault] * times)

    def clear(self, method: str | None = None) -> None:
        """Remove the faults of one method, or of all of them."""
        for faults in (self._queued, self._always):
            if method is None:
                faults.clear()
            else:
                faults.pop(method, None)

    def next(self, method: str) -> SlackFault | None:
        """The fault of this call, which counts as one of its `times`."""
        queue = self._queued[method]
        return queue.popleft() if queue else self._always.get(method)
