"""People who press *Send* without a pause, so many at once, and how long each waited."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from bench.line import Line


@dataclass
class Taken:
    """The acknowledged requests. Times are seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    """From the first byte of a request to the last of its answer."""

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def median(self) -> float:
        return median(self.times)

    @property
    def slowest_percent(self) -> float:
        """The 99th percentile."""
        return sorted(self.times)[int(len(self.times) * 0.99)]


class NotAcknowledgedError(Exception):
    """A server did not do the measured work."""


async def hammer(
    url: str,
    request: Callable[[], bytes],
    *,
    at_once: int,
    seconds: float = float("inf"),
    number: int | None = None,
) -> Taken:
    """Send until the time is over, or so many were sent.

    :raises NotAcknowledgedError: when one is answered with anything but an empty 200
    """
    taken = Taken()
    left = [number if number is not None else -1]
    lines = [await Line.to(url) for _ in range(at_once)]
    began = time.perf_counter()
    try:
        await asyncio.gather(
            *(_press(line, request, taken.times, left, began + seconds) for line in lines)
        )
    finally:
        for line in lines:
            line.close()
    taken.seconds = time.perf_counter() - began
    return taken


async def _press(
    line: Line, request: Callable[[], bytes], times: list[float], left: list[int], ends: float
) -> None:
    while left[0] != 0 and time.perf_counter() < ends:
        left[0] -= 1
        content = request()
        began = time.perf_counter()
        answer = await line.ask(content)
        times.append(time.perf_counter() - began)
        if answer.status != 200 or answer.body not in {b"", b"0\r\n\r\n"}:
            raise NotAcknowledgedError(f"answered with {answer.status}: {answer.body[:300]!r}")
