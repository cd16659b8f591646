"""How fast messages are posted to a channel."""

from bot.clock import Clock
from bot.config import ReceiptLimits
from bot.rate_limit import TokenBucket

BUCKETS = 1000
"""Channels whose token bucket is remembered; those that are full are forgotten then."""


class Pace:
    """One for all messages of the bot, because Slack counts all messages to a channel together."""

    def __init__(
        self, limits: ReceiptLimits, clock: Clock, *, follows_another: bool = False
    ) -> None:
        """:param follows_another: whether another process may have posted right before this one,
        and may still have a message in flight. Then each channel begins with a wait for one
        message, and gets the burst later.
        """
        self._limits, self._clock = limits, clock
        self._first_tokens = 0.0 if follows_another else limits.burst
        self._begun = clock.monotonic()
        self._buckets: dict[str, TokenBucket] = {}

    async def wait_for_turn(self, channel: str) -> None:
        """Wait until Slack takes another message in this channel. Other channels go on."""
        now = self._clock.monotonic()
        if len(self._buckets) > BUCKETS:
            self._buckets = {
                name: bucket for name, bucket in self._buckets.items() if not bucket.is_full(now)
            }
        bucket = self._buckets.setdefault(channel, self._new_bucket())
        await self._clock.sleep(bucket.reserve(now))

    def _new_bucket(self) -> TokenBucket:
        limits = self._limits
        return TokenBucket(
            limits.per_second, limits.burst, _tokens=self._first_tokens, _filled_at=self._begun
        )
