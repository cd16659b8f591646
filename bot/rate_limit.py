"""How fast something may be done: a bucket of tokens that fills by time."""

from dataclasses import dataclass


@dataclass
class TokenBucket:
    """:param rate: tokens a second
    :param burst: tokens the bucket holds; it starts full
    """

    rate: float
    burst: float
    tokens: float = -1.0
    filled_at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 when one is."""
        self._fill(now)
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate

    def take(self, now: float) -> None:
        """Take a token; going below zero makes later ones wait longer."""
        self._fill(now)
        self.tokens -= 1

    def _fill(self, now: float) -> None:
        if self.tokens < 0 and self.filled_at == 0:
            self.tokens = self.burst
        else:
            self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
