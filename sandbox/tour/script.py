"""The tour of `constat try`: it files a report of each kind, and prints each screen."""

import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from sandbox import optional_features
from sandbox.catalogue import Catalogue
from sandbox.process import bot_process
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink
from sandbox.tour import anomalies, listings
from sandbox.tour.scenario import Scenario


async def tour(db: Path, settings: Mapping[str, str]) -> int:
    """Run the tour with a sandbox and a bot of its own. The database is kept for `constat log`.

    :param settings: environment variables for the bot besides those of the sandbox
    :returns: the exit status
    """
    sandbox = Sandbox(catalogue=Catalogue(last_visit=time.time()))
    optional_features.allow(sandbox.slack.workspace)
    async with (
        sandbox.serve(),
        bot_process({**sandbox.settings, **settings}, db, log=db.with_suffix(".log")) as bot,
    ):
        await bot.ready()
        await play(Scenario(sandbox, BotLink(bot.url)))
    return await list_reports(db)


async def play(scenario: Scenario) -> None:
    """Run all steps: reports of each kind, a link that unfolds, an anomaly of each risk level, one
    of them with a photo, and a visit with two findings.
    """
    for step in (*listings.STEPS, *anomalies.STEPS):
        await step(scenario)


async def list_reports(db: Path) -> int:
    """Print the output of `constat log`.

    :returns: its exit status
    """
    print("\n=== constat log\n", flush=True)
    listing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "log"), env={"CONSTAT_DB": str(db), "PATH": ""}
    )
    return await listing.wait()
