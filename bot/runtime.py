"""Everything that runs, put together, started, and brought to an end."""

import asyncio
import logging
import os
import socket
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot import slack
from bot.app import build_app
from bot.backends import backends
from bot.clock import Clock
from bot.delivery.lane import Lane
from bot.kinds import kinds
from bot.knowledge import Knowledge
from bot.people import People
from bot.policy import Policy
from bot.receipts import Teller
from bot.screens import Screens
from bot.services import Services
from bot.settings import Settings
from bot.tasks import Tasks
from storage.store import Store

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that work in flight gets at the end."""
CHECK_EVERY = 30.0
"""Seconds between two checks of Slack's token until it works."""


@dataclass
class Runtime:
    """A running bot."""

    app: AsyncApp
    services: Services
    knowledge: Mapping[str, Knowledge]
    """By kind of report."""
    signed_in: bool = False
    """Whether Slack took our token."""

    def missing(self) -> list[str]:
        """What is not ready, in words for the operator."""
        return [] if self.signed_in else ["Slack has not accepted SLACK_BOT_TOKEN yet"]


@asynccontextmanager
async def running(
    settings: Settings, policy: Policy, clock: Clock | None = None
) -> AsyncIterator[Runtime]:
    """Run the bot's inner side; at the end let work in flight come back, then close the file.

    :raises Unusable: when the file cannot be used
    """
    clock = clock or Clock()
    owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    store = Store(settings.constat_db)
    tasks = Tasks()
    async with (
        slack.web_client(
            settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        ) as web,
        backends(settings, policy, store, clock) as behind,
    ):
        people = People(web, store, settings.constat_language, clock)
        await people.load()
        all_kinds = list(kinds(policy, behind.knowledge))
        teller = Teller(
            web,
            store,
            people,
            {kind.name: kind for kind in all_kinds},
            owner=owner,
            clock=clock,
            manner=policy.receipts,
            lease=policy.delivery.lease,
        )
        lanes = {
            name: Lane(
                api,
                store,
                owner=owner,
                limits=policy.delivery,
                tell=teller.wake,
                clock=clock,
            )
            for name, api in behind.apis.items()
        }
        services = Services(
            client=web,
            store=store,
            people=people,
            screens=Screens(web, people, clock),
            policy=policy,
            lanes=lanes,
            teller=teller,
            tasks=tasks,
            clock=clock,
        )
        runtime = Runtime(build_app(services, all_kinds), services, behind.knowledge)
        loops = [asyncio.create_task(teller.run()), asyncio.create_task(_sign_in(runtime))]
        for lane in lanes.values():
            loops += [asyncio.create_task(lane.run()), asyncio.create_task(lane.keep_alive())]
        loops += [asyncio.create_task(run()) for run in behind.loops]
        try:
            yield runtime
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            ends = [lane.drain(DRAIN) for lane in lanes.values()]
            await asyncio.gather(tasks.drain(DRAIN), teller.drain(DRAIN), *ends)
    store.close()


async def _sign_in(runtime: Runtime) -> None:
    """Ask Slack who we are, before anybody waits for it."""
    while not runtime.signed_in:
        try:
            answer = await slack.call(runtime.services.client.auth_test())
        except slack.SlackError as error:
            log.error("Slack does not accept SLACK_BOT_TOKEN: %s", error)  # noqa: TRY400
            await runtime.services.clock.sleep(CHECK_EVERY)
        else:
            log.info("signed in to %s as %s", answer.get("team"), answer.get("user"))
            runtime.signed_in = True
