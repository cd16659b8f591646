"""Senders that wait for the same rate limit at the same time come one after the other."""

import asyncio

from bot.clock import Clock
from bot.config import ReceiptLimits
from bot.rate_limit import TokenBucket
from bot.slack.pace import Pace


class StandingClock(Clock):
    """A clock that stands still, and notes how long it was asked to wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return 1000.0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


async def test_messages_that_wait_for_one_channel_leave_one_after_the_other() -> None:
    clock = StandingClock()
    pace = Pace(ReceiptLimits(per_second=2, burst=3), clock)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(6):
            tasks.create_task(pace.wait_for_turn("C1"))
    assert clock.waits == [0, 0, 0, 0.5, 1.0, 1.5]


async def test_the_burst_of_another_process_and_its_message_in_flight_are_counted() -> None:
    clock = StandingClock()
    pace = Pace(ReceiptLimits(per_second=2, burst=3), clock, follows_another=True)
    for _ in range(3):
        await pace.wait_for_turn("C1")
    assert clock.waits == [0.5, 1.0, 1.5]


async def test_a_channel_does_not_wait_for_another_one() -> None:
    clock = StandingClock()
    pace = Pace(ReceiptLimits(per_second=2, burst=1), clock)
    for channel in ("C1", "C1", "C2"):
        await pace.wait_for_turn(channel)
    assert clock.waits == [0, 0.5, 0]


def test_a_reserved_token_is_taken_once() -> None:
    bucket = TokenBucket(rate=1, burst=1)
    assert [bucket.reserve(now) for now in (0, 0, 0.5, 3)] == [0, 1, 1.5, 0]
