"""What became of every event, counted from the bot's calls of Slack and from its file."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.slack import Slack
from storage.opening import open_for_reading
from tests.torture.bots import Bots
from tests.torture.event_traffic import SentEvent

_ADDRESS = re.compile(r"https://example\.org/(\w+)/")
_LINK = re.compile(r"\?utm_id=(\w+)")
OPEN = "select id from events where next_try is not null"
CLAIMED = f"{OPEN} and lease is not null"
"""Events that a process works on."""


@dataclass
class EventFigures:
    received: int = 0
    """Events that the bot acknowledged."""
    deliveries: int = 0
    twice: list[str] = field(default_factory=list)
    """Events with more than one answer or preview, although no kill interrupted the work."""
    repeated: int = 0
    """Further answers after a kill while the bot worked on the event."""
    lost: list[str] = field(default_factory=list)
    """Events that were acknowledged, and are not stored, or were never worked on. A preview that a
    kill took is none: links are unfurled from memory.
    """


def ids(bots: Bots, sql: str) -> list[str]:
    """The ids of events in the file of a bot."""
    db = open_for_reading(bots.db)
    try:
        return [str(row["id"]) for row in db.execute(sql)]
    finally:
        db.close()


def count_events(
    slack: Slack,
    sent: Iterable[SentEvent],
    *,
    stored: Iterable[str],
    unfinished: Iterable[str],
    interrupted: Mapping[str, int],
) -> EventFigures:
    """Count, once all has settled.

    :param stored: the ids of all events in the file
    :param unfinished: those that wait for their work
    :param interrupted: by id, how often a bot was killed while it worked on the event
    """
    figures, finished = EventFigures(), set(stored) - set(unfinished)
    tried, done = _answers(slack), _work(slack)
    for event in sent:
        figures.deliveries += event.deliveries
        if not event.acknowledged:
            continue
        figures.received += 1
        if event.id not in finished or not _was_worked_on(slack, event, tried):
            figures.lost.append(event.word)
        further = max(0, done[event.word] - 1)
        by_kills = min(further, interrupted.get(event.id, 0))
        figures.repeated += by_kills
        if further > by_kills:
            figures.twice.append(f"{event.word}: {event.type}, {done[event.word]} times")
    return figures


def _was_worked_on(slack: Slack, event: SentEvent, tried: Counter[str]) -> bool:
    """Links are unfurled from memory, so a kill may take their preview. The others may not be
    forgotten.
    """
    match event.type:
        case "message.im":
            return tried[event.word] > 0
        case "app_home_opened":
            return slack.homes.of(event.user) is not None
    return True


def _answers(slack: Slack) -> Counter[str]:
    """How often the bot tried to post the answer to each direct message."""
    posts = slack.calls_of("chat.postMessage")
    return Counter(word for call in posts for word in _words(_ADDRESS, call.args))


def _work(slack: Slack) -> Counter[str]:
    """How often Slack has the answer to each direct message, and took a preview of each link.

    The bot repeats a preview whose answer was cut, and Slack shows it once.
    """
    answers = [
        message
        for channel in slack.workspace.channels
        for message in slack.workspace.messages[channel].values()
        if message.bot_id
    ]
    done = Counter(word for message in answers for word in _words(_ADDRESS, message.blocks))
    previews = slack.calls_of("chat.unfurl")
    clean = [call for call in previews if call.answer.get("ok") and call.fault in {None, "slow"}]
    return done + Counter(word for call in clean for word in _words(_LINK, call.args["unfurls"]))


def _words(pattern: re.Pattern[str], shown: object) -> set[str]:
    return set(pattern.findall(json.dumps(shown)))
