"""Several bots on one PostgreSQL server: they are killed and frozen, and the server crashes.

`python -m tests.torture.fleet --faults 1000` does it for as long as you like.
"""

import argparse
import asyncio
import itertools
import logging
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.tenure import LEASE
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink
from sandbox.slack.views import OpenView
from tests.postgres_server import Server, server
from tests.torture import weather
from tests.torture.bots import CONFIG, Bot, Bots
from tests.torture.figures import Figures, counted
from tests.torture.run import settled
from tests.torture.submitting import Submission, blank_forms, filled_in, press_until_taken

FAULTS = {"kill": 0.7, "crash": 0.15, "stop": 0.1, "freeze": 0.05}
"""Shares: SIGKILL of a bot, an immediate stop of the server, SIGTERM of a bot, and SIGSTOP of a bot
for longer than the lease of the back office."""


@dataclass(frozen=True)
class Plan:
    bots: int = 2
    faults: Sequence[str] = ()
    """In this order; see `FAULTS`."""
    seed: int = 0
    people: int = 4
    pause: float = 0.2
    """Seconds between two reports of a person, and between two faults, at the most."""
    wrapping: str = "-"
    """A mutant of `wrapped.py` instead of the bot."""
    patience: float = 30.0


class Machine:
    """Keeps one bot running, as systemd does."""

    def __init__(self, bots: Bots, wrapping: str) -> None:
        self.bots, self._wrapping = bots, wrapping
        self.link = BotLink(bots.url)
        self.bot: Bot | None = None
        self.stopping = False
        self.status: int | None = None
        """The exit status of the last bot."""

    async def run(self) -> None:
        while not self.stopping:
            async with self.bots.start(self._wrapping) as bot:
                self.bot = bot
                self.status = await asyncio.shield(bot.ended)
                self.bot = None

    def signal(self, number: signal.Signals) -> None:
        if self.bot is not None and not self.bot.ended.done():
            os.kill(self.bot.pid, number)

    async def stop(self) -> int | None:
        self.stopping = True
        self.signal(signal.SIGTERM)
        while self.bot is not None:
            await asyncio.sleep(0.02)
        return self.status


class Fleet:
    def __init__(self, running: Server, machines: Sequence[Machine], rng: random.Random) -> None:
        self._server, self.machines, self._rng = running, machines, rng

    async def meets(self, fault: str) -> None:
        """Let something go wrong."""
        machine = self._rng.choice(self.machines)
        match fault:
            case "kill":
                machine.signal(signal.SIGKILL)
            case "stop":
                machine.signal(signal.SIGTERM)
            case "freeze":
                machine.signal(signal.SIGSTOP)
                await asyncio.sleep(LEASE + 1)
                machine.signal(signal.SIGCONT)
            case "crash":
                await asyncio.to_thread(self._server.stop, signal.SIGQUIT)
                await asyncio.sleep(self._rng.uniform(0, 1))
                await asyncio.to_thread(self._server.restart)
            case _:
                raise AssertionError(fault)


async def fleet(folder: Path, plan: Plan) -> Figures:
    """Let a fleet meet faults under load, let it settle, and count.

    :param folder: an empty one
    """
    logging.getLogger("aiohttp.server").disabled = True
    rng = random.Random(plan.seed)  # noqa: S311 - no secret
    sandbox = Sandbox(burst=1_000_000)
    sandbox.slack.update_limits = sandbox.slack.post_limits
    async with sandbox.serve(), _started(sandbox, folder, plan, rng) as running:
        machines = running.machines
        keepers = [asyncio.create_task(machine.run()) for machine in machines]
        await asyncio.gather(*(_ready(machine) for machine in machines))
        blanks = await blank_forms(sandbox, machines[0].link)
        weather.rough(sandbox, plan.seed)
        submissions: list[Submission] = []
        stop = asyncio.Event()
        people = [
            asyncio.create_task(_person(sandbox, machines, blanks, submissions, stop, plan, one))
            for one in [random.Random(rng.random()) for _ in range(plan.people)]  # noqa: S311
        ]
        for fault in plan.faults:
            await asyncio.sleep(rng.uniform(0.1, 2 * plan.pause + 0.1))
            await running.meets(fault)
        weather.fair(sandbox, plan.seed)
        stop.set()
        await asyncio.gather(*people)
        await asyncio.gather(*(_ready(machine) for machine in machines))
        await settled(machines[0].bots, plan.patience)
        ended = [await machine.stop() for machine in machines]
        await asyncio.gather(*keepers)
        figures = counted(sandbox, machines[0].bots, submissions)
        figures.kills, figures.ended = len(plan.faults), max(status or 0 for status in ended)
        figures.intact = await machines[0].bots.verified()
        return figures


@asynccontextmanager
async def _started(
    sandbox: Sandbox, folder: Path, plan: Plan, rng: random.Random
) -> AsyncIterator[Fleet]:
    async with AsyncExitStack() as stack:
        running = stack.enter_context(server(durable=True))
        address = stack.enter_context(running.empty_database())
        machines = []
        for number in range(plan.bots):
            own = folder / str(number)
            own.mkdir()
            bots = await stack.enter_async_context(
                Bots.of(sandbox.settings, own, CONFIG, address=address)
            )
            machines.append(Machine(bots, plan.wrapping))
        yield Fleet(running, machines, rng)


async def _ready(machine: Machine) -> None:
    """Wait until a bot is ready, however often it is started until then."""
    async with asyncio.timeout(60):
        while True:
            bot = machine.bot
            if bot is not None:
                with suppress(httpx.TransportError):  # it died while it was asked
                    await bot.ready()
                    if not bot.ended.done():
                        return
            await asyncio.sleep(0.02)


async def _person(
    sandbox: Sandbox,
    machines: Sequence[Machine],
    blanks: dict[str, OpenView],
    submissions: list[Submission],
    stop: asyncio.Event,
    plan: Plan,
    rng: random.Random,
) -> None:
    """Reports one thing after another. Each press goes to any of the bots."""
    door = _Door([machine.link for machine in machines], rng)
    for kind in itertools.cycle(blanks):
        if stop.is_set():
            return
        sent = filled_in(sandbox, blanks[kind], f"w{plan.seed}x{len(submissions)}")
        submissions.append(sent)
        await press_until_taken(sandbox, door, sent, rng)
        await asyncio.sleep(rng.uniform(0.0, plan.pause))


class _Door(BotLink):
    """A load balancer that does not look where it sends a request."""

    def __init__(self, links: Sequence[BotLink], rng: random.Random) -> None:
        super().__init__()
        self._links, self._rng = links, rng

    async def deliver(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        return await self._rng.choice(self._links).deliver(*args, **kwargs)  # type: ignore[arg-type]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.fleet", description=__doc__)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--bots", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--wrapping", default="-", help="a mutant of wrapped.py instead of the bot")
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)  # noqa: S311 - no secret
    faults = rng.choices(list(FAULTS), list(FAULTS.values()), k=chosen.faults)
    plan = Plan(chosen.bots, faults, chosen.seed, pause=0.5, wrapping=chosen.wrapping)
    folder, began = Path(tempfile.mkdtemp(prefix="fleet-")), time.monotonic()
    figures = asyncio.run(fleet(folder, plan))
    counts = ", ".join(f"{faults.count(name)} x {name}" for name in FAULTS)
    print(f"{figures.lines()}{'seconds':<28}{time.monotonic() - began:>7.0f}\nfaults: {counts}")
    for name, found in figures.faults.items():
        for fault in found[:20]:
            print(f"{name}: {fault}")
    print(f"logs are in {folder}")
    return 0 if figures.kept else 1


if __name__ == "__main__":
    sys.exit(main())
