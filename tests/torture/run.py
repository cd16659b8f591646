"""The torture: a bot under load in rough weather, killed and started again, over and over."""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, files
from storage.opening import open_for_reading
from tests.torture import weather
from tests.torture.bots import CONFIG, Bots
from tests.torture.event_figures import CLAIMED, count_in, ids, until_begun
from tests.torture.event_traffic import DOMAIN, SentEvent, new_events, prepare, send_events
from tests.torture.figures import Figures, counted
from tests.torture.submitting import (
    Submission,
    blank_forms,
    report,
)

PATIENCE = 30.0
"""Seconds without any progress after which what has not come to rest never will."""
DATE_STEPS = 0.3
"""Share of the bots whose date is set back and forth."""
REPLACED_FILES = 0.1
"""Share of the bots whose file is replaced for a moment."""
UNSETTLED = """
select (
    select count(*) from reports join receipts using (number)
    where state in ('waiting', 'sending', 'held') or posted < version
) + (
    select count(*) from photos join reports using (number)
    where reports.state = 'filed' and photos.state in ('waiting', 'sending')
        and coalesce(json_extract(photos.cause, '$.why'), '') <> 'choose'
) + (select count(*) from events where next_try is not null)
+ (select count(*) from homes where published < version) as unsettled
"""
MOVES = """
select (select max(id) from messages), (select max(id) from history),
    (select coalesce(sum(changed_at + failures), 0.0) from photos),
    (select count(*) from events where next_try is null),
    (select coalesce(sum(published), 0) from homes)
"""
PHOTOS_ON = f"photos = true\n{CONFIG}"


@dataclass(frozen=True)
class Plan:
    kills: int = 20
    seed: int = 0
    people: int = 4
    pause: float = 0.3
    """Seconds between two reports of a person, at the most."""
    photos: float = 0.4
    """Share of the anomalies that have photos."""
    wrapping: str = "-"
    """A mutant of `wrapped.py` instead of the bot."""
    events: int = 20
    """Events of Slack at least, also where the kills leave no time for them."""
    patience: float = PATIENCE
    seconds: float = 3600.0
    """No more kills after that."""
    progress: Callable[[int], None] = field(default=lambda _: None)


async def torture(folder: Path, plan: Plan) -> Figures:
    """Kill a bot as often as planned, let the rest settle, and count.

    :param folder: an empty one
    """
    # The stand-ins' server logs each connection that a killed bot left behind.
    logging.getLogger("aiohttp.server").disabled = True
    rng = random.Random(plan.seed)  # noqa: S311 - no secret
    sandbox = Sandbox(burst=1_000_000)
    sandbox.slack.update_limits = sandbox.slack.post_limits
    files.allow(sandbox.slack.workspace)
    prepare(sandbox.slack)
    async with sandbox.serve():
        bots = Bots.of(_settings(sandbox), folder, PHOTOS_ON)
        link = BotLink(bots.url)
        async with bots.start() as bot:
            await bot.ready()
            blanks = await blank_forms(sandbox, link)
        weather.rough(sandbox, plan.seed)
        submissions: list[Submission] = []
        sent_events: list[SentEvent] = []
        interrupted: Counter[str] = Counter()
        stop = asyncio.Event()
        people = [
            asyncio.create_task(report(sandbox, link, blanks, submissions, stop, plan, own_rng))
            for own_rng in [random.Random(rng.random()) for _ in range(plan.people)]  # noqa: S311
        ]
        event_rng = random.Random(plan.seed)  # noqa: S311 - no secret
        happening = new_events(sandbox.slack, f"w{event_rng.getrandbits(32)}", event_rng)
        sending = send_events(sandbox.slack, link, happening, sent_events, stop, event_rng)
        people.append(asyncio.create_task(sending))
        count = partial(count_in, bots, sandbox.slack, sent_events, interrupted)
        kills = await _kill_over_and_over(bots, plan, rng, submissions, interrupted)
        weather.fair(sandbox, plan.seed)
        async with bots.start(plan.wrapping) as bot:
            async with asyncio.timeout(plan.seconds):
                while len(sent_events) < plan.events:
                    await asyncio.sleep(0.05)
            stop.set()
            await asyncio.gather(*people)
            await settled(bots, plan.patience)
            await until_begun(count, plan.patience)
            status = await bot.stop()
        await finished(bots, plan.wrapping, plan.patience)
        figures = counted(sandbox, bots, submissions)
        figures.events = count()
        figures.kills, figures.ended, figures.intact = kills, status, await bots.verified()
        return figures


async def _kill_over_and_over(
    bots: Bots,
    plan: Plan,
    rng: random.Random,
    submissions: list[Submission],
    interrupted: Counter[str],
) -> int:
    """:param interrupted: counts, by id, the events that a killed bot worked on"""
    ends = time.monotonic() + plan.seconds
    for done in range(plan.kills):
        if time.monotonic() > ends:
            return done
        steps = plan.wrapping == "-" and rng.random() < DATE_STEPS
        async with bots.start("date_steps" if steps else plan.wrapping) as bot:
            if rng.random() < 0.1:  # some while it begins
                await asyncio.sleep(rng.uniform(0.0, 0.2))
            else:
                await bot.listening()
                await _some_taken(submissions, rng.randrange(5))
                if rng.random() < REPLACED_FILES:
                    # Before, the bot would open the file in its place.
                    await bot.has_opened_its_file()
                    assert isinstance(bots.db, Path)
                    await weather.replace_file(bots.db)
                await asyncio.sleep(rng.uniform(0.0, 0.2))
            if bot.ended.done():
                raise RuntimeError(f"the bot ended by itself: see {bots.log}")
            bot.kill()
        interrupted.update(ids(bots, CLAIMED))
        plan.progress(done + 1)
    return plan.kills


async def _some_taken(submissions: list[Submission], more: int) -> None:
    """Wait until so many more were acknowledged; not for long."""
    wanted = sum(submission.acknowledged for submission in submissions) + more
    ends = time.monotonic() + 3
    while (
        time.monotonic() < ends
        and sum(submission.acknowledged for submission in submissions) < wanted
    ):
        await asyncio.sleep(0.01)


def _settings(sandbox: Sandbox) -> dict[str, str]:
    return {**sandbox.settings, "CONSTAT_UNFURL_DOMAINS": DOMAIN}


async def finished(bots: Bots, wrapping: str, patience: float) -> None:
    """Let further bots finish what a bot began as it was stopped: a photo whose anomaly was found
    at that moment is sent by the next one.
    """
    for _ in range(2):
        if not unsettled(bots):
            return
        async with bots.start(wrapping) as bot:
            await settled(bots, patience)
            await bot.stop()


def unsettled(bots: Bots) -> int:
    db = open_for_reading(bots.db)
    try:
        return int(db.execute(UNSETTLED).fetchone()[0])
    finally:
        db.close()


async def settled(bots: Bots, patience: float, longest: float = 3600.0) -> None:
    """Wait until nothing is under way any more, or nothing has moved for so many seconds.

    :param longest: seconds after which it ends in any case
    """
    db = open_for_reading(bots.db)
    try:
        seen, ends, last = None, time.monotonic() + patience, time.monotonic() + longest
        while time.monotonic() < min(ends, last) and db.execute(UNSETTLED).fetchone()[0]:
            now = tuple(db.execute(MOVES).fetchone())
            if now != seen:
                seen, ends = now, time.monotonic() + patience
            await asyncio.sleep(0.1)
    finally:
        db.close()
