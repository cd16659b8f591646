"""Several bots on one PostgreSQL server, on machines whose clocks are ten seconds apart. Bots are
killed, frozen and upgraded, connections are cut and stall, and the server crashes.

`python -m tests.torture.fleet --faults 1000` does it for as long as you like.
"""

import argparse
import asyncio
import logging
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.background import Tasks
from bot.tenure import LEASE
from sandbox.sandbox import Sandbox
from sandbox.slack import files
from sandbox.slack.limits import Limiter
from tests.postgres_proxy import Proxy
from tests.postgres_server import Server, server
from tests.torture import weather
from tests.torture.bots import Bots
from tests.torture.figures import Figures, counted
from tests.torture.fleet_events import SETTINGS, WRITER, FleetEvents
from tests.torture.machines import Balancer, Machine
from tests.torture.run import finished, settled
from tests.torture.submitting import (
    Submission,
    blank_forms,
    report,
)
from tests.torture.wrapped_fleet import reading_newer

FAULTS = {
    "kill": 0.5, "cut": 0.14, "stall": 0.12, "crash": 0.1, "stop": 0.06, "freeze": 0.04,
    "upgrade": 0.04,
}  # fmt: skip
"""Shares: SIGKILL of a bot, all connections of a bot cut, its connections stalled, an immediate
stop of the server, SIGTERM of a bot, SIGSTOP of a bot for longer than the lease of the back office,
and an upgrade of all machines, one after the other."""
LONGEST_STALL = 4.0
"""Seconds. The server ends a transaction in which nothing happens for 2 seconds."""
CLOCKS = 4.9
"""Seconds by which the machines' clocks are off. A bot does not start at 5."""
PER_SECOND, BURST = 10.0, 4
"""The pace of messages in a channel: ten times the true one, so that a run does not take hours."""
IN_FLIGHT = 2
"""Messages that Slack takes beyond that: their times are those of their arrival."""
CONFIG = f"""\
photos = true
[delivery]
lease = {{lease}}
concurrency = 8
per_second = 500
[receipts]
per_second = {PER_SECOND}
burst = {BURST}
"""


@dataclass(frozen=True)
class Plan:
    bots: int = 2
    faults: Sequence[str] = ()
    """In this order; see `FAULTS`."""
    seed: int = 0
    people: int = 4
    pause: float = 0.2
    """Seconds between two reports of a person, and between two faults, at the most."""
    reports: int = 0
    """How many are acknowledged at least, also without a fault."""
    photos: float = 0.0
    """Share of the anomalies that have photos."""
    events: int = 0
    """How many events Slack sends at least; none if it is 0."""
    lease: float = 1.5
    """Seconds. Below 20, machines whose clocks differ take each other's receipts while these are
    posted. Those of photos, which come late, then may stay at an older text."""
    mutant: str = "-"
    """A wrapping of `wrapped_fleet.py`."""
    patience: float = 30.0
    """Seconds without any progress after which what has not come to rest never will."""
    longest: float = 3600.0
    """Seconds after which the reports of a mutant that never come to rest are counted."""


class SlackPace(Limiter):
    """Slack's pace in each channel, and the messages that came too early."""

    def __init__(self, but: str) -> None:
        """:param but: a conversation that counts as none of the channels"""
        super().__init__(time.time, burst=BURST + IN_FLIGHT, rate=PER_SECOND)
        self._but = but
        self.too_early: list[str] = []

    def take(self, key: str) -> float:
        wait = super().take(key)
        if wait and key != self._but:
            self.too_early.append(f"{wait:.2f} s in {key}")
        return wait


class Fleet:
    def __init__(self, running: Server, machines: Sequence[Machine], rng: random.Random) -> None:
        self._server, self.machines, self._rng = running, machines, rng
        self.balancer = Balancer(machines, random.Random(rng.random()))  # noqa: S311 - no secret
        self._lasting = Tasks()

    async def meets(self, fault: str) -> None:
        """Let something go wrong."""
        machine = self._rng.choice(self.machines)
        match fault:
            case "kill":
                machine.signal(signal.SIGKILL)
            case "stop":
                machine.signal(signal.SIGTERM)
            case "freeze":
                self._lasting.start(machine.freeze(LEASE + 1))
            case "cut":
                machine.proxy.cut()
            case "stall":
                machine.proxy.stall(self._rng.uniform(0.1, LONGEST_STALL))
            case "crash":
                await asyncio.to_thread(self._server.stop, signal.SIGQUIT)
                await asyncio.sleep(self._rng.uniform(0, 1))
                await asyncio.to_thread(self._server.restart)
            case "upgrade":
                await self._upgrade()
            case _:
                raise AssertionError(fault)

    async def recovered(self) -> None:
        """Wait until every fault is over."""
        await self._lasting.drain(60)
        await asyncio.sleep(max(machine.proxy.stalls_for for machine in self.machines))
        await asyncio.gather(*(machine.ready() for machine in self.machines))
        await self.balancer.delivered()

    async def _upgrade(self) -> None:
        """Upgrade all machines, one after the other. Nothing else goes wrong meanwhile, and every
        press of Send must succeed.
        """
        await self.recovered()
        self.balancer.all_must_succeed = True
        for machine in self.machines:
            await machine.upgrade()
        self.balancer.all_must_succeed = False
        await self.balancer.delivered()


async def fleet(folder: Path, plan: Plan) -> Figures:
    """Let a fleet meet faults under load, let it settle, and count.

    :param folder: an empty one
    """
    logging.getLogger("aiohttp.server").disabled = True
    rng = random.Random(plan.seed)  # noqa: S311 - no secret
    sandbox = Sandbox()
    workspace = sandbox.slack.workspace
    files.allow(workspace)
    pace = SlackPace(but=workspace.dm_with_bot(WRITER).id)
    sandbox.slack.post_limits = sandbox.slack.update_limits = pace
    async with sandbox.serve(), _started(sandbox, folder, plan, rng) as running:
        machines, first = running.machines, running.machines[0].bots
        events = FleetEvents(sandbox, running.balancer, rng) if plan.events else None
        keepers = [asyncio.create_task(machine.run()) for machine in machines]
        await running.recovered()
        submissions = await _under_load(sandbox, running, plan, events, rng)
        with reading_newer(machines[0].version):
            await settled(first, plan.patience, plan.longest)
            if events:
                await events.settled(first)
            ended = [await machine.stop() for machine in machines]
            await asyncio.gather(*keepers)
            if plan.mutant == "-":  # some mutants never come to rest
                await finished(first, machines[0].wrapping, plan.patience)
            figures = counted(sandbox, first, submissions)
            figures.events = events.count(first) if events else figures.events
        figures.kills, figures.ended = len(plan.faults), max(status or 0 for status in ended)
        figures.failed_forms = running.balancer.failed
        figures.too_early = pace.too_early
        figures.intact = await first.verified(machines[0].wrapping)
        return figures


async def _under_load(
    sandbox: Sandbox, running: Fleet, plan: Plan, events: FleetEvents | None, rng: random.Random
) -> list[Submission]:
    """Let the planned faults happen while people report.

    :returns: what they reported, once all of it is acknowledged and all bots are ready
    """
    blanks = await blank_forms(sandbox, running.machines[0].link)
    if events:
        await events.begin(running.machines[0].bots)
    weather.rough(sandbox, plan.seed)
    submissions: list[Submission] = []
    stop = asyncio.Event()
    people = [
        asyncio.create_task(
            report(sandbox, running.balancer, blanks, submissions, stop, plan, own_rng)
        )
        for own_rng in [random.Random(rng.random()) for _ in range(plan.people)]  # noqa: S311
    ]
    if events:
        people.append(asyncio.create_task(events.send(stop, 2 * plan.pause)))
    for fault in plan.faults:
        await asyncio.sleep(rng.uniform(0.1, 2 * plan.pause + 0.1))
        await running.meets(fault)
    while sum(sent.acknowledged for sent in submissions) < plan.reports:
        await asyncio.sleep(0.02)
    while events and len(events.sent) < plan.events:
        await asyncio.sleep(0.02)
    weather.fair(sandbox, plan.seed)
    stop.set()
    await asyncio.gather(*people)
    await running.recovered()
    return submissions


@asynccontextmanager
async def _started(
    sandbox: Sandbox, folder: Path, plan: Plan, rng: random.Random
) -> AsyncIterator[Fleet]:
    """A server, and machines that have no bot yet. Each reaches the server through a proxy."""
    with ExitStack() as stack:
        # Without it a run of hours has a million dead rows, and a claim takes a second.
        running = stack.enter_context(server(durable=True, settings={"autovacuum": "on"}))
        stack.callback(shutil.copy, running.folder / "log", folder / "server.log")
        address = stack.enter_context(running.empty_database())
        machines = []
        for number in range(plan.bots):
            own = folder / str(number)
            own.mkdir()
            proxy = stack.enter_context(Proxy(running.folder))
            url = address.url.replace(str(running.folder), str(proxy.folder))
            config = CONFIG.format(lease=plan.lease)
            bots = Bots.of(
                {**sandbox.settings, **SETTINGS}, own, config, address=replace(address, url=url)
            )
            offset = CLOCKS * (2 * number / (plan.bots - 1) - 1)
            machines.append(Machine(bots, proxy, f"bot{number}", offset, plan.mutant))
        yield Fleet(running, machines, rng)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.fleet", description=__doc__)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--bots", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--photos", action="store_true", help="with photos, and leases of 20 s")
    parser.add_argument("--events", action="store_true", help="with events of Slack")
    parser.add_argument("--mutant", default="-", help="no_lock, any_claim, no_lease, own_events")
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)  # noqa: S311 - no secret
    faults = rng.choices(list(FAULTS), list(FAULTS.values()), k=chosen.faults)
    plan = Plan(chosen.bots, faults, chosen.seed, pause=0.5, mutant=chosen.mutant)
    if chosen.photos:
        plan = replace(plan, photos=0.1, lease=20.0)
    if chosen.events:
        plan = replace(plan, events=chosen.faults)
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
