"""Events of Slack for the torture: some events are sent twice, and all of them in any order.

An event that the bot did not acknowledge is sent again, as Slack does, also over restarts of the
bot. Each event is about a word of its own, so that the bot's work on it can be counted.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.catalogue import Catalogue
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Slack, events, unfurls
from sandbox.slack.limits import Limiter
from sandbox.slack.link import Retry
from sandbox.slack.seed import ALICE, ANNONCES, BOB

Json = dict[str, Any]
DOMAIN = "seloger.com"
"""The domain whose links the bot unfurls. The sample link of the catalogue is there."""
TYPES = ("message.im", "message.im", "app_home_opened", "link_shared")
"""The answers to direct messages can be counted best, so half of the events are these."""
MOST_DOUBLES = 3
"""Deliveries of an event after the bot has acknowledged it, at the most."""
NEW = 0.3
"""Share of the deliveries before which a new event happens. Each event is delivered 2.5 times or
more, so that a few events always wait for their next delivery.
"""
PAUSE = 0.05
"""Seconds between two deliveries, at the most."""
ACK_TIMEOUT = 3.0
REASONS = ("http_timeout", "connection_failed", "http_error")


@dataclass
class SentEvent:
    """One event of Slack."""

    word: str
    """Stands in it, and in no other event."""
    type: str
    envelope: Json = field(repr=False)
    left: int
    """Deliveries until it is not sent any more. The last one is acknowledged."""
    deliveries: int = 0
    acknowledged: bool = False

    @property
    def id(self) -> str:
        return str(self.envelope["event_id"])

    @property
    def user(self) -> str:
        return str(self.envelope["event"]["user"])


def prepare(slack: Slack) -> None:
    """Install the app with what it needs for links, and lift Slack's limits of calls."""
    slack.workspace.app = slack.workspace.app.with_links(DOMAIN)
    unlimited = Limiter(slack.workspace.clock, burst=1_000_000)
    slack.post_limits = slack.publish_limits = slack.unfurl_limits = unlimited


def new_events(slack: Slack, prefix: str, rng: random.Random) -> Iterator[SentEvent]:
    """Events of all types, without end.

    :param prefix: of their words
    """
    number = 0
    while True:
        word, event_type = f"{prefix}e{number}", rng.choice(TYPES)
        envelope = _envelope(slack, event_type, word, rng.choice((ALICE, BOB)))
        yield SentEvent(word, event_type, envelope, 1 + rng.randint(0, MOST_DOUBLES))
        number += 1


def _envelope(slack: Slack, event_type: str, word: str, user: str) -> Json:
    workspace = slack.workspace
    match event_type:
        case "app_home_opened":
            return events.app_home_opened(slack, workspace.users[user], "home")
        case "message.im":
            channel = workspace.dm_with_bot(user).id
            text = f"what about {address(word)}"
            return events.direct_message(slack, workspace.say(channel, user, text))
    link = f"{Catalogue.sample_link}?utm_id={word}"
    envelope = unfurls.link_shared(slack, workspace.say(ANNONCES, user, link))
    assert envelope is not None
    return envelope


def address(word: str) -> str:
    """A link in a direct message. The bot's answer has it in its buttons."""
    return f"https://example.org/{word}/"


async def deliver(slack: Slack, link: BotLink, event: SentEvent, rng: random.Random) -> None:
    """Send an event once."""
    retry = Retry(event.deliveries, rng.choice(REASONS)) if event.deliveries else None
    event.deliveries += 1
    ack = await link.deliver("events_api", event.envelope, ACK_TIMEOUT, retry)
    if not ack.ok:
        return
    event.acknowledged = True
    event.left -= 1
    if event.type == "link_shared":
        slack.unfurls.acknowledge(event.envelope["event"])


async def send_events(
    sandbox: Sandbox,
    link: BotLink,
    sent: list[SentEvent],
    stop: asyncio.Event,
    rng: random.Random,
) -> None:
    """Send events until `stop`, and then go on until all of them are acknowledged.

    :param sent: gets each event before it is sent for the first time
    """
    happening = new_events(sandbox.slack, f"w{rng.getrandbits(32)}", rng)
    waiting: list[SentEvent] = []
    while waiting or not stop.is_set():
        if not stop.is_set() and (not waiting or rng.random() < NEW):
            event = next(happening)
            sent.append(event)
            waiting.append(event)
        event = rng.choice(waiting)
        await deliver(sandbox.slack, link, event, rng)
        if event.left == 0:
            waiting.remove(event)
        await asyncio.sleep(rng.uniform(0.0, PAUSE))
