"""How fast messages are posted to a channel."""

from bot.clock import Clock
from bot.config import ReceiptLimits
from bot.rate_limit import TokenBucket

BUCKETS = 1000
"""Channels whose token bucket is remembered; those that are full are forgotten then."""


class Pace:
    """One for all messages of the bot, because Slack counts all messages to a channel together."""

    def __init__(self, limits: ReceiptLimits, clock: Clock) -> None:
        self._limits, self._clock = limits, clock
        self._buckets: dict[str, TokenBucket] = {}

    async def wait_for_turn(self, channel: str) -> None:
        """Wait until Slack takes another message in this channel. Other channels go on."""
        now = self._clock.monotonic()
        if len(self._buckets) > BUCKETS:
            self._buckets = {
                name: bucket for name, bucket in self._buckets.items() if not bucket.is_full(now)
            }
        bucket = self._buckets.setdefault(
            channel, TokenBucket(self._limits.per_second, self._limits.burst)
        )
        await self._clock.sleep(bucket.reserve(now))
