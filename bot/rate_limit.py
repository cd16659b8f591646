"""How fast something may be done: a token bucket."""

from dataclasses import dataclass


@dataclass
class TokenBucket:
    """A bucket that starts full. Times are seconds of a clock that never goes back.

    :param rate: tokens a second
    :param burst: tokens that the bucket holds
    """

    rate: float
    burst: float
    _tokens: float | None = None
    _filled_at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 when one is."""
        tokens = self._fill(now)
        return 0.0 if tokens >= 1 else (1 - tokens) / self.rate

    def take(self, now: float) -> None:
        """Take a token. A bucket below zero makes later ones wait longer."""
        self._tokens = self._fill(now) - 1

    def reserve(self, now: float) -> float:
        """Take a token that may not be there yet. Those who wait at the same time come one after
        the other, because each has a token of its own.

        :returns: seconds until the token is there
        """
        wait = self.wait(now)
        self.take(now)
        return wait

    def is_full(self, now: float) -> bool:
        """Whether forgetting this bucket changes nothing."""
        return self._fill(now) >= self.burst

    def _fill(self, now: float) -> float:
        passed = max(0.0, now - self._filled_at)
        filled = self.burst if self._tokens is None else self._tokens + passed * self.rate
        self._tokens, self._filled_at = min(self.burst, filled), now
        return self._tokens
