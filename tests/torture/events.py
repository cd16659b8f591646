"""Thousands of events, each sent up to four times in any order: `python -m tests.torture.events`.

The bot is in this process, and nothing ends it. `tests.torture` sends events over restarts.
"""

import argparse
import asyncio
import itertools
import logging
import random
import sys
import tempfile
import time
from pathlib import Path

from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink
from tests.torture.event_figures import STORED, EventFigures, count_events, until_begun
from tests.torture.event_traffic import DOMAIN, SentEvent, deliver, new_events, prepare
from tests.world import without_lists, world

AT_ONCE = 8
"""Deliveries at the same time."""
PATIENCE = 1800.0
"""Seconds for the work on the events that are left when the last one was sent."""


UNFINISHED = """
select 1 where exists (select 1 from events where next_try is not null)
    or exists (select 1 from homes where published < version)
"""


async def send_all(folder: Path, count: int, seed: int) -> EventFigures:
    """Send events in any order, each one to four times; wait for the work on them, and count.

    :param folder: an empty one
    """
    # More links are posted at once than the bot unfurls, and it logs each message that it leaves.
    logging.getLogger("bot.unfurls.unfurler").disabled = True
    logging.getLogger("bot.listeners.events").disabled = True  # it logs each revoked token
    sandbox = without_lists()
    prepare(sandbox.slack)
    rng = random.Random(seed)  # noqa: S311 - no secret
    async with world(folder, sandbox=sandbox, settings={"CONSTAT_UNFURL_DOMAINS": DOMAIN}) as bot:
        sent = list(itertools.islice(new_events(sandbox.slack, "w", rng), count))
        turns = [event for event in sent for _ in range(event.left)]
        rng.shuffle(turns)
        link = bot.link
        await asyncio.gather(*(_deliver(sandbox, link, turns, rng) for _ in range(AT_ONCE)))
        async with asyncio.timeout(PATIENCE):
            while bot.rows(UNFINISHED):
                await asyncio.sleep(0.2)

        def figures() -> EventFigures:
            stored = [row["id"] for row in bot.rows(STORED)]
            return count_events(sandbox.slack, sent, stored=stored, unfinished=[], interrupted={})

        await until_begun(figures, PATIENCE)
        return figures()


async def _deliver(
    sandbox: Sandbox, link: BotLink, turns: list[SentEvent], rng: random.Random
) -> None:
    """Deliver events until none is left."""
    while turns:
        await deliver(sandbox.slack, link, turns.pop(), rng)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.events", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="events-"))
    figures = asyncio.run(send_all(folder, chosen.events, chosen.seed))
    rows = {
        "events received": figures.received,
        "deliveries": figures.deliveries,
        "events lost": len(figures.lost),
        "events worked on twice": len(figures.twice),
        "seconds": round(time.monotonic() - began),
    }
    print("".join(f"{name:<28}{count:>7}\n" for name, count in rows.items()), end="")
    for fault in (*figures.lost[:20], *figures.twice[:20]):
        print(fault)
    kept = figures.received == chosen.events and not (figures.lost or figures.twice)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
