"""Slack's rate limits: a token bucket for each conversation."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Bucket:
    left: float
    at: float


class Limiter:
    """`rate` calls a second each, `burst` at once. `clock` gives UNIX seconds."""

    def __init__(self, clock: Callable[[], float], *, burst: int, rate: float = 1.0) -> None:
        self._clock = clock
        self._burst = burst
        self._rate = rate
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str) -> float:
        """0 if the call is within the limit, otherwise the seconds to wait."""
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        refilled = bucket.left + (now - bucket.at) * self._rate
        bucket.left, bucket.at = min(float(self._burst), refilled), now
        if bucket.left < 1:
            return (1 - bucket.left) / self._rate
        bucket.left -= 1
        return 0.0
