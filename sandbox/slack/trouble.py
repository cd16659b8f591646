"""Trouble on demand: what the next calls of a Web API method meet instead of a plain answer."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "slow", "cut", "cut_before", "error", "orphan"]


@dataclass(frozen=True)
class Fault:
    """One way for a call to go wrong.

    429: answered with Retry-After, `seconds`. 500: an HTML page. slow: answered after `seconds`.
    cut: done, but the connection is cut before the answer. cut_before: cut with nothing done.
    error: Slack's error string `error`, with nothing done.
    orphan: somebody deletes the message that `thread_ts` names just before, and the call is done.
    """

    kind: Kind
    seconds: float = 1.0
    error: str = "internal_error"


class Trouble:
    """`set` for a number of calls, or for all calls until `clear`."""

    def __init__(self) -> None:
        self._queued: dict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}

    def set(self, method: str, fault: Fault, *, times: int | None = None) -> None:
        """`times=None` is until `clear`. Faults set for a number of calls come first, in order."""
        if times is None:
            self._always[method] = fault
        else:
            self._queued[method].extend([fault] * times)

    def clear(self, method: str | None = None) -> None:
        """Back to health: one method, or all of them."""
        for store in (self._queued, self._always):
            if method is None:
                store.clear()
            else:
                store.pop(method, None)

    def next(self, method: str) -> Fault | None:
        queue = self._queued[method]
        return queue.popleft() if queue else self._always.get(method)
