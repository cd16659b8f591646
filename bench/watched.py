"""constat with a watch on its event loop: the time for which one step blocked all others.

    python -m bench.watched FILE serve …

Each SIGUSR1 writes the figures since the last one to FILE, as JSON, in milliseconds: the longest
step, and the longest by the processor time of its thread alone, which a busy machine does not
lengthen.
"""

import asyncio.events
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import cli


def watch() -> Callable[[], dict[str, float]]:
    """Time every step of every loop of this process.

    :returns: a function that returns the figures since its last call
    """
    longest = {"wall": 0.0, "own": 0.0}
    run: Any = asyncio.events.Handle._run  # noqa: SLF001 - there is no other place to look from

    def timed(handle: Any) -> None:
        began, own = time.perf_counter(), time.thread_time()
        run(handle)
        own = time.thread_time() - own
        longest["wall"] = max(longest["wall"], (time.perf_counter() - began) * 1000)
        longest["own"] = max(longest["own"], own * 1000)

    def seen() -> dict[str, float]:
        figures = dict(longest)
        longest.update(wall=0.0, own=0.0)
        return figures

    setattr(asyncio.events.Handle, "_run", timed)  # noqa: B010 - a type checker would object
    return seen


def main() -> int:
    path, *arguments = sys.argv[1:]
    seen = watch()
    signal.signal(signal.SIGUSR1, lambda *_: Path(path).write_text(json.dumps(seen()), "ascii"))
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
