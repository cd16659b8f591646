"""`make torture`: kill the bot a thousand times, and count what became of all that it was sent."""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.torture.figures import Figures
from tests.torture.run import Plan, torture


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3600.0, help="no kill after that")
    parser.add_argument("--bots", type=int, default=2, help="bots at once, each with its own file")
    parser.add_argument("--folder", type=Path, help="where files and logs stay")
    parser.add_argument("--wrapping", default="-", help="a mutant of wrapped.py instead of the bot")
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="torture-"))
    began = time.monotonic()
    figures = asyncio.run(_all(folder, chosen))
    print(f"\n{figures.lines()}{'seconds':<28}{time.monotonic() - began:>7.0f}")
    for name, faults in figures.faults.items():
        for fault in faults[:20]:
            print(f"{name}: {fault}")
    print(f"files and logs are in {folder}")
    return 0 if figures.kept else 1


async def _all(folder: Path, chosen: argparse.Namespace) -> Figures:
    runs = []
    for n in range(chosen.bots):
        own = folder / str(n)
        own.mkdir(parents=True)
        plan = Plan(
            kills=(chosen.kills + n) // chosen.bots,
            seed=chosen.seed * 1000 + n,
            seconds=chosen.seconds,
            wrapping=chosen.wrapping,
        )
        runs.append(torture(own, replace(plan, progress=_progress) if n == 0 else plan))
    return sum(await asyncio.gather(*runs), start=Figures())


def _progress(kills: int) -> None:
    if kills % 10 == 0:
        print(".", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
