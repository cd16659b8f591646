"""Events of Slack for the torture: some events are sent twice, and all of them in any order.

An event that the bot did not acknowledge is sent again, as Slack does, also over restarts of the
bot. Each happening has a word of its own, so that the bot's work on it can be counted.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.catalogue import Catalogue
from sandbox.slack import BotLink, Slack, events, unfurls
from sandbox.slack.limits import Limiter
from sandbox.slack.link import Retry
from sandbox.slack.seed import ALICE, ANNONCES, BOB

Json = dict[str, Any]
DOMAIN = "seloger.com"
"""The domain whose links the bot unfurls. The sample link of the catalogue is there."""
PEOPLE = (ALICE, BOB)
HAPPENINGS = {
    "message": 4, "edited message": 1, "deleted message": 1, "opened Home": 3, "link": 2,
    "edited link": 1, "revoked token": 1,
}  # fmt: skip
"""Shares. The answers to direct messages can be counted best, so half of them are these."""
MOST_DOUBLES = 3
"""Deliveries of an event after the bot has acknowledged it, at the most."""
TOGETHER = 0.2
"""Share of the deliveries that are two at the same moment."""
MOST_RETRIES = 3
"""Tries of Slack after the first one, until it gives up an event."""
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
    """Stands in it. Another event has it only if it is about the same message."""
    type: str
    envelope: Json = field(repr=False)
    left: int
    """Deliveries until it is not sent any more. The last one is acknowledged."""
    deliveries: int = 0
    failures: int = 0
    """Deliveries that were not acknowledged."""
    acknowledged: bool = False
    sent_at: float = 0.0
    """When it was sent first, by the clock of the workspace."""

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


def new_events(
    slack: Slack, prefix: str, rng: random.Random, writers: Sequence[str] = PEOPLE
) -> Iterator[SentEvent]:
    """Events of all types, without end.

    :param prefix: of their words
    :param writers: of direct messages
    """
    number = 0
    while True:
        word = f"{prefix}e{number}"
        happening = rng.choices(list(HAPPENINGS), list(HAPPENINGS.values()))[0]
        person = rng.choice(writers if "message" in happening else PEOPLE)
        for event_type, envelope in _envelopes(slack, happening, word, person):
            yield SentEvent(word, event_type, envelope, 1 + rng.randint(0, MOST_DOUBLES))
        number += 1


def _envelopes(slack: Slack, happening: str, word: str, person: str) -> Iterator[tuple[str, Json]]:
    """The events of one happening, each with its type."""
    match happening:
        case "opened Home":
            user = slack.workspace.users[person]
            yield "app_home_opened", events.app_home_opened(slack, user, "home")
        case "revoked token":
            yield "tokens_revoked", events.tokens_revoked(slack)
        case "link" | "edited link":
            link = f"{Catalogue.sample_link}?utm_id={word}"
            message = slack.workspace.say(ANNONCES, person, link)
            for _ in range(2 if happening == "edited link" else 1):
                # Slack names the links of an edited message once more, in an event of its own.
                envelope = unfurls.link_shared(slack, message)
                assert envelope is not None
                yield "link_shared", envelope
        case _:
            yield from _messages(slack, happening, word, person)


def _messages(slack: Slack, happening: str, word: str, person: str) -> Iterator[tuple[str, Json]]:
    """A direct message; the bot may hear of its edit or its end before it hears of the message."""
    workspace = slack.workspace
    channel = workspace.dm_with_bot(person).id
    message = workspace.say(channel, person, f"what about {address(word)}")
    yield "message.im", events.direct_message(slack, message)
    if happening == "edited message":
        after = replace(message, text=f"and {message.text}", edited=workspace.new_ts())
        yield "message_changed", events.message_changed(slack, message, workspace.put(after))
    elif happening == "deleted message":
        workspace.delete(channel, message.ts)
        yield "message_deleted", events.message_deleted(slack, message)


def address(word: str) -> str:
    """A link in a direct message. The bot's answer has it in its buttons."""
    return f"https://example.org/{word}/"


async def deliver(slack: Slack, link: BotLink, event: SentEvent, rng: random.Random) -> None:
    """Send an event once, or twice at the same moment."""
    event.sent_at = event.sent_at or slack.workspace.clock()
    times = 2 if rng.random() < TOGETHER else 1
    tries = [_deliver(slack, link, event, rng.choice(REASONS)) for _ in range(times)]
    if any(await asyncio.gather(*tries)):
        event.left -= 1


async def _deliver(slack: Slack, link: BotLink, event: SentEvent, reason: str) -> bool:
    """:returns: whether the bot acknowledged it"""
    number = min(event.deliveries, MOST_RETRIES)
    event.deliveries += 1
    retry = Retry(number, reason) if number else None
    ack = await link.deliver("events_api", event.envelope, ACK_TIMEOUT, retry)
    if not ack.ok:
        event.failures += 1
        return False
    event.acknowledged = True
    if event.type == "link_shared":
        slack.unfurls.acknowledge(event.envelope["event"])
    return True


async def send_events(
    slack: Slack,
    link: BotLink,
    happening: Iterator[SentEvent],
    sent: list[SentEvent],
    stop: asyncio.Event,
    rng: random.Random,
    *,
    pause: float = PAUSE,
    gives_up: bool = False,
) -> None:
    """Send events until `stop`, and then go on until all of them are acknowledged.

    :param sent: gets each event before it is sent for the first time
    :param pause: seconds between two deliveries, at the most
    :param gives_up: whether Slack gives up an event after `MOST_RETRIES` further tries
    """
    waiting: list[SentEvent] = []
    while waiting or not stop.is_set():
        if not stop.is_set() and (not waiting or rng.random() < NEW):
            event = next(happening)
            sent.append(event)
            waiting.append(event)
        event = rng.choice(waiting)
        await deliver(slack, link, event, rng)
        is_given_up = gives_up and not event.acknowledged and event.failures > MOST_RETRIES
        if event.left == 0 or is_given_up:
            waiting.remove(event)
        await asyncio.sleep(rng.uniform(0.0, pause))
