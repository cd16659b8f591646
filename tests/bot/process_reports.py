"""A bot that runs as a process or by Socket Mode, and reports that people file with it."""

import asyncio
from contextlib import AbstractAsyncContextManager

from bot.socket_client import SocketClient
from bot.socket_mode import connected
from sandbox.patience import PATIENCE
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person
from sandbox.slack.seed import ANNONCES, BOB
from tests.world import ID, World


async def file_an_issue(sandbox: Sandbox, link: BotLink) -> str:
    """Bob reports something; how the form ended."""
    bob = Person(sandbox.slack, BOB, link)
    await bob.command("/report-issue", f"other {ID} a blank page", channel=ANNONCES)
    await bob.view()
    outcome = await bob.submit()
    return outcome.kind


async def file_an_anomaly(sandbox: Sandbox, link: BotLink) -> None:
    bob = Person(sandbox.slack, BOB, link)
    await bob.command("/anomaly", "1204 Exit blocked", channel=ANNONCES)
    await bob.view()
    for name, text in (("siteId", "9"), ("technicalInstallationId", "7"), ("description", "x")):
        await bob.enter(name, text)
    await bob.choose("risk", "0")
    assert (await bob.submit()).kind == "closed"


async def filed(sandbox: Sandbox, seconds: float = PATIENCE) -> str:
    """The comment of the first issue, once it was filed."""
    async with asyncio.timeout(seconds):
        while not sandbox.immoteur.issues:
            await asyncio.sleep(0.01)
    return str(sandbox.immoteur.issues[0].body["comment"])


def connected_to(bot: World) -> AbstractAsyncContextManager[SocketClient]:
    token = bot.slack.workspace.app.app_token
    return connected(bot.runtime.app, token, bot.slack.api_url, retry_every=0.1)
