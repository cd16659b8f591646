"""A day without either API: `python -m tests.torture.outage` lives through it in minutes.

People go on reporting; afterwards everything is delivered, oldest first, at the pace that the
config gives, and the channels are told no faster than Slack takes it. The clock runs faster.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config, DeliveryLimits, ReceiptLimits
from sandbox.process import free_port
from sandbox.sandbox import Sandbox
from sandbox.slack.seed import ANNONCES, SECURITE
from tests.fast_clock import FastClock
from tests.torture.submitting import blank_forms, filled_in, press_until_taken
from tests.world import World, world

JITTER = 0.1
"""Seconds of the machine's by which what is observed may be late."""


@dataclass(frozen=True)
class Plan:
    reports: int = 5000
    hours: float = 24.0
    down: float = 1000.0
    """How much faster the clock runs while the APIs are down."""
    afterwards: float = 50.0


@dataclass
class Figures:
    taken: int
    said_when: int
    """Receipts that named the next try while the APIs were down."""
    tries: int
    """Calls of the APIs while they were down."""
    filed_once: int
    twice: int
    lost: int
    out_of_turn: int
    """By how many places a report arrived before an older one, at the most."""
    most_a_second: float
    """Reports sent in a second, on the average of the busiest minute."""
    most_told: float
    """Messages a second in a channel, on the average of its busiest ten minutes."""
    messages: int
    """Posted and updated, for each report, on average, in hundredths."""
    hours: float = field(default=0.0)
    """From the APIs' return until the last receipt said so."""

    def lines(self) -> str:
        return "".join(
            f"{name.replace('_', ' '):<16}{value:>10}\n" for name, value in vars(self).items()
        )


async def outage(folder: Path, plan: Plan) -> Figures:
    clock = FastClock(1)
    sandbox = Sandbox(clock.time, burst=1_000_000)
    sandbox.slack.update_limits = sandbox.slack.post_limits
    port = free_port()
    settings = {
        "IMMOTEUR_API_URL": f"http://127.0.0.1:{port}/immoteur/public/v1",
        "KARE_API_URL": f"http://127.0.0.1:{port}/kare/main",
    }
    # A lease as long as the day: the clock's haste must not make a busy bot look dead.
    config = Config(delivery=DeliveryLimits(lease=1e6), receipts=ReceiptLimits())
    async with world(folder, config=config, sandbox=sandbox, clock=clock, settings=settings) as bot:
        began = await _a_day_of_reports(bot, clock, plan)
        said_when = _next_tries(bot)
        tries = bot.rows("select count(*) as n from calls")[0]["n"]
        clock.speed = plan.afterwards
        async with sandbox.serve(port=port):
            back = clock.time()
            unsettled = "select 1 from reports join receipts using (number)"
            unsettled += " where state <> 'filed' or posted < version limit 1"
            await bot.until(lambda: not bot.rows(unsettled), seconds=1200)
        return _counted(bot, plan, said_when, tries, began, back)


async def _a_day_of_reports(bot: World, clock: FastClock, plan: Plan) -> float:
    """People report all day long; then wait until everybody was told that it waits."""
    blanks = await blank_forms(bot.sandbox, bot.link)
    began, clock.speed = clock.time(), plan.down
    calm = random.Random(0)  # noqa: S311 - no secret
    kinds = [*blanks.values()]
    for n in range(plan.reports):
        due = began + plan.hours * 3600 * n / plan.reports
        await clock.sleep(max(0.0, due - clock.time()))
        sent = filled_in(bot.sandbox, kinds[n % 2], f"{n}")
        await press_until_taken(bot.sandbox, bot.link, sent, calm)
    untold = "select 1 from receipts where posted < version and failures = 0 and ts is null limit 1"
    await bot.until(lambda: not bot.rows(untold), seconds=1200)
    await clock.sleep(max(0.0, began + plan.hours * 3600 - clock.time()))
    return began


def _next_tries(bot: World) -> int:
    """How many receipts say when the next try is."""
    places = bot.rows("select channel, ts from receipts where ts is not null")
    messages = bot.slack.workspace.messages
    return sum(
        "Next try: <!date^" in messages[place["channel"]][place["ts"]].text for place in places
    )


def _counted(
    bot: World, plan: Plan, said_when: int, tries: int, began: float, back: float
) -> Figures:
    issues = [int(issue.body["comment"]) for issue in bot.sandbox.immoteur.issues]
    anomalies = [int(saved.body["title"]) for saved in bot.sandbox.kare.anomalies]
    there = Counter([*issues, *anomalies])
    calls = [c for c in bot.slack.calls if c.method in {"chat.postMessage", "chat.update"}]
    calls = [c for c in calls if c.at >= began]
    sent = [r.at for r in bot.sandbox.immoteur.requests if r.path == "/issues"]
    channels = [
        [c.at for c in calls if c.args["channel"] == channel] for channel in (ANNONCES, SECURITE)
    ]
    return Figures(
        taken=bot.rows("select count(*) as n from reports")[0]["n"],
        said_when=said_when,
        tries=tries,
        filed_once=sum(copies == 1 for copies in there.values()),
        twice=sum(copies > 1 for copies in there.values()),
        lost=plan.reports - len(there),
        out_of_turn=max(_out_of_turn(issues), _out_of_turn(anomalies)),
        most_a_second=_most(sent, 60, plan.afterwards * JITTER),
        most_told=max(_most(at, 600, plan.afterwards * JITTER) for at in channels),
        messages=round(100 * len(calls) / plan.reports),
        hours=round((max(c.at for c in calls) - back) / 3600, 2),
    )


def _out_of_turn(numbers: list[int]) -> int:
    """By how many places one came before an older one, at the most."""
    place = {number: n for n, number in enumerate(sorted(numbers))}
    return max(place[number] - n for n, number in enumerate(numbers))


def _most(times: list[float], window: float, jitter: float) -> float:
    """How many a second, on the average of the busiest window."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return round(most / (window + jitter), 2)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.outage", description=__doc__)
    parser.add_argument("--reports", type=int, default=Plan.reports)
    parser.add_argument("--hours", type=float, default=Plan.hours)
    chosen = parser.parse_args()
    began = time.monotonic()
    plan = Plan(chosen.reports, chosen.hours)
    figures = asyncio.run(outage(Path(tempfile.mkdtemp(prefix="outage-")), plan))
    print(f"{figures.lines()}{'seconds':<16}{time.monotonic() - began:>10.0f}")
    return 0 if kept(figures, plan) else 1


def kept(figures: Figures, plan: Plan) -> bool:
    """Whether the promise was."""
    whole = plan.reports == figures.taken == figures.said_when == figures.filed_once
    paced = figures.most_a_second <= 21 and figures.most_told <= 1.05
    return whole and paced and figures.out_of_turn <= 8 and figures.messages <= 500


if __name__ == "__main__":
    sys.exit(main())
