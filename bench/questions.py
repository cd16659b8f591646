"""What an operator asks on a Monday: the processor time of each command, its start included."""

import asyncio
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load import NotAcknowledgedError


@dataclass(frozen=True)
class Question:
    words: str
    arguments: Sequence[str]

    @property
    def command(self) -> str:
        return f"`constat {' '.join(self.arguments)}`"


QUESTIONS: Mapping[str, Question] = {
    "ask.week": Question("what was reported last week", ("week",)),
    "ask.stuck": Question("what is stuck, and why", ("log", "--stuck")),
    "ask.waiting": Question("who is waiting", ("log", "--state", "waiting", "--state", "held")),
}
"""By the name of the figure."""


async def ask(path: Path) -> Mapping[str, float]:
    """Ask each question once.

    :returns: seconds of the processor, by figure
    """
    taken: dict[str, float] = {}
    for figure, question in QUESTIONS.items():
        before = processor()
        await run_command(path, question.arguments)
        taken[figure] = processor() - before
    return taken


async def run_command(path: Path, arguments: Sequence[str]) -> None:
    """Run a command of the operator on a file.

    :raises NotAcknowledgedError: if it fails; `forget` may leave reports, with status 1
    """
    filled = [part.replace("{folder}", str(path.parent)) for part in arguments]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *filled),
        env={"PATH": os.environ["PATH"], "CONSTAT_DB": str(path)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    if process.returncode not in {0, 1 if arguments[0] == "forget" else 0}:
        raise NotAcknowledgedError(f"constat {arguments[0]}: {errors.decode()[-300:]}")


def processor() -> float:
    """Seconds of the processor that the commands took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
