"""The machines of a fleet, and the load balancer before them."""

import asyncio
import random
import signal
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import httpx

from sandbox.slack import BotLink
from sandbox.slack.link import Ack, Json, Kind
from tests.postgres_proxy import Proxy
from tests.torture.bots import Bot, Bots

READY = 180.0
"""Seconds in which a bot becomes ready, however often it is started until then. In rough weather an
API refuses the token now and then, and is asked again after half a minute."""


class Machine:
    """Keeps one bot running, as systemd does. Its clock may be wrong."""

    def __init__(self, bots: Bots, proxy: Proxy, name: str, offset: float, mutant: str) -> None:
        """:param proxy: between the bot and the server
        :param offset: seconds by which the machine's clock is ahead
        :param mutant: as `wrap` of `wrapped.py` takes it
        """
        self.bots, self.proxy = bots, proxy
        self.version = 0
        """How many versions were installed after the first."""
        self._machine, self._mutant = f"machine:{name}:{offset}", mutant
        self.link = BotLink(bots.url)
        self.bot: Bot | None = None
        self.starts = 0
        """How many bots were started."""
        self.stopping = False
        self.status: int | None = None
        """The exit status of the last bot."""

    @property
    def wrapping(self) -> str:
        return f"{self._machine}+newer:{self.version}+{self._mutant}"

    async def run(self) -> None:
        while not self.stopping:
            async with self.bots.start(self.wrapping) as bot:
                self.bot = bot
                self.starts += 1
                self.status = await asyncio.shield(bot.ended)
                self.bot = None

    def signal(self, number: signal.Signals) -> None:
        if self.bot is not None:
            self.bot.process.send_signal(number)

    async def freeze(self, seconds: float) -> None:
        self.signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self.signal(signal.SIGCONT)

    async def upgrade(self) -> None:
        """Stop the bot, install the next version, and wait until that is ready."""
        self.version += 1
        old = self.bot
        self.signal(signal.SIGTERM)
        if old is not None:
            await asyncio.shield(old.ended)
        await self.ready()

    async def ready(self) -> None:
        """Wait until the bot is ready."""
        async with asyncio.timeout(READY):
            while True:
                bot = self.bot
                if bot is not None:
                    with suppress(httpx.TransportError):  # it died while it was asked
                        await bot.ready(within=READY)
                        if not bot.ended.done():
                            return
                await asyncio.sleep(0.02)

    async def stop(self) -> int | None:
        """Stop the bot for good.

        :returns: its exit status
        """
        self.stopping = True
        self.signal(signal.SIGTERM)
        while self.bot is not None:
            await asyncio.sleep(0.02)
        return self.status


class Balancer(BotLink):
    """A load balancer. It sends a request to any machine, and to another if none listens there."""

    def __init__(self, machines: Sequence[Machine], rng: random.Random) -> None:
        super().__init__()
        self._machines, self._rng = machines, rng
        self._under_way: set[asyncio.Task[Ack]] = set()
        self.all_must_succeed = False
        self.failed: list[str] = []
        """Why presses of Send failed that began while all had to succeed."""
        self._takers: defaultdict[str, set[tuple[Machine, int]]] = defaultdict(set)

    def a_taker_ended(self, event_id: str) -> bool:
        """Whether a bot that an event was sent to has ended since, and another took its place."""
        return any(machine.starts > starts for machine, starts in self._takers[event_id])

    async def deliver(self, kind: Kind, payload: Json, *args: Any) -> Ack:
        delivery = asyncio.create_task(self._deliver(kind, payload, *args))
        self._under_way.add(delivery)
        delivery.add_done_callback(self._under_way.discard)
        return await delivery

    async def delivered(self) -> None:
        """Wait until the requests that are under way now are answered."""
        if self._under_way:
            await asyncio.wait(set(self._under_way))

    async def _deliver(self, kind: Kind, payload: Json, *args: Any) -> Ack:
        # Slack sends an event again that fails, and nothing else.
        must_succeed = self.all_must_succeed and kind != "events_api"
        for machine in self._rng.sample(self._machines, len(self._machines)):
            if kind == "events_api":
                self._takers[payload["event_id"]].add((machine, machine.starts))
            ack = await machine.link.deliver(kind, payload, *args)
            if "ConnectError" not in str(ack.failure):
                break
        if must_succeed and (ack.failure or ack.body):
            self.failed.append(str(ack.failure or ack.body))
        return ack
