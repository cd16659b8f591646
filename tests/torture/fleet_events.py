"""Events of Slack that reach any bot of a fleet, sometimes two bots at the same moment."""

import asyncio
import random
from functools import partial

from sandbox.catalogue import Catalogue
from sandbox.process import START
from sandbox.sandbox import Sandbox
from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, CAROL
from tests.torture.bots import Bots
from tests.torture.event_figures import EventFigures, count_in, ids, until_begun
from tests.torture.event_traffic import DOMAIN, SentEvent, new_events, send_events
from tests.torture.machines import Balancer

SENDERS = 3
"""Deliveries at the same time; a bot that is frozen holds up only one of them."""
PATIENCE = 100.0
"""Seconds after which an event that was not worked on never will be. Bots on other machines do not
know that a bot died, and take over its event when the lease of a minute has ended.
"""
LISTINGS = "select token as id from lookups where token like 'link:%'"
WRITER = CAROL
"""Reports nothing, so that the answers are the only messages in her conversation. She writes faster
than Slack lets anybody answer.
"""
SETTINGS = {"CONSTAT_UNFURL_DOMAINS": DOMAIN}


class FleetEvents:
    """Sends events, and counts what became of them. Slack's own limits of calls hold."""

    def __init__(self, sandbox: Sandbox, balancer: Balancer, rng: random.Random) -> None:
        self._slack, self._balancer, self._rng = sandbox.slack, balancer, rng
        workspace = sandbox.slack.workspace
        workspace.app = workspace.app.with_links(DOMAIN)
        self.sent: list[SentEvent] = []

    async def begin(self, bots: Bots) -> None:
        """Have the listing behind all links looked up by a form, so that every bot knows it: no
        preview is missing because Immoteur did not answer.
        """
        person = Person(self._slack, WRITER, self._balancer)
        await person.command("/report-issue", Catalogue.sample_link, channel=ANNONCES)
        async with asyncio.timeout(START):
            while not ids(bots, LISTINGS):
                await asyncio.sleep(0.05)

    async def send(self, stop: asyncio.Event, pause: float) -> None:
        """Send events until `stop`, and then go on until Slack has sent all of them.

        :param pause: seconds between two deliveries of a sender, at the most
        """
        rngs = [random.Random(self._rng.random()) for _ in range(SENDERS)]  # noqa: S311 - no secret
        sending = [self._send(f"w{number}", stop, pause, rng) for number, rng in enumerate(rngs)]
        await asyncio.gather(*sending)

    async def _send(
        self, prefix: str, stop: asyncio.Event, pause: float, rng: random.Random
    ) -> None:
        happening = new_events(self._slack, prefix, rng, writers=[WRITER])
        await send_events(
            self._slack,
            self._balancer,
            happening,
            self.sent,
            stop,
            rng,
            pause=pause,
            gives_up=True,
        )

    async def settled(self, bots: Bots) -> None:
        """Wait until every event was worked on, or never will be."""
        await until_begun(partial(self.count, bots), PATIENCE)

    def count(self, bots: Bots) -> EventFigures:
        ended = {event.word for event in self.sent if self._balancer.a_taker_ended(event.id)}
        # No answer may be repeated: another bot finds what the one that ended had posted.
        return count_in(bots, self._slack, self.sent, {}, ended.__contains__)
