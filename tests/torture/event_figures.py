"""What became of every event, counted from the bot's calls of Slack and from its database."""

import asyncio
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.slack import Slack
from storage.opening import open_for_reading
from tests.torture.bots import Bots
from tests.torture.event_traffic import SentEvent

_ADDRESS = re.compile(r"https://example\.org/(\w+)/")
_LINK = re.compile(r"\?utm_id=(\w+)")
STORED = "select id from events"
OPEN = "select id from events where next_try is not null"
CLAIMED = f"{OPEN} and lease is not null"
"""Events that a process works on."""
KEPT = frozenset({"message.im", "app_home_opened", "link_shared"})
"""The types whose events are stored. The bot leaves edits alone, and checks its token at once."""


@dataclass
class EventFigures:
    received: int = 0
    """Events that the bot acknowledged."""
    deliveries: int = 0
    given_up: int = 0
    """Events that Slack gave up, because no delivery was acknowledged."""
    twice: list[str] = field(default_factory=list)
    """Messages with more than one answer or preview, although no kill interrupted the work."""
    repeated: int = 0
    """Further answers after a kill while the bot worked on the event."""
    unshown: int = 0
    """Links that a bot took and did not unfurl, because it ended: they are unfurled from memory."""
    lost: list[str] = field(default_factory=list)
    """Events that were acknowledged, and are not stored, or were never worked on."""


def ids(bots: Bots, sql: str) -> list[str]:
    """The ids of events in the database of a bot."""
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
    may_be_unshown: Callable[[str], bool] = lambda _: True,
) -> EventFigures:
    """Count, once all has settled.

    :param stored: the ids of all events in the database
    :param unfinished: those that wait for their work
    :param interrupted: by id, how often a bot was killed while it worked on the event
    :param may_be_unshown: whether a kill may have taken the preview of the link with that word
    """
    figures, finished, work = EventFigures(), set(stored) - set(unfinished), _Work(slack)
    of_word: dict[str, list[SentEvent]] = defaultdict(list)
    unshown: set[str] = set()
    for event in sent:
        of_word[event.word].append(event)
        figures.deliveries += event.deliveries
        if not event.acknowledged:
            figures.given_up += 1
            continue
        figures.received += 1
        is_begun = work.is_begun(event)
        if not is_begun and event.type == "link_shared" and may_be_unshown(event.word):
            unshown.add(event.word)
            is_begun = True
        if not is_begun or (event.type in KEPT and event.id not in finished):
            figures.lost.append(f"{event.word}: {event.type}")
    figures.unshown = len(unshown)
    for word, events in of_word.items():
        further = max(0, work.done[word] - 1)
        by_kills = min(further, sum(interrupted.get(event.id, 0) for event in events))
        figures.repeated += by_kills
        if further > by_kills:
            types = ", ".join(event.type for event in events)
            figures.twice.append(f"{word}: {types}, {work.done[word]} times")
    return figures


def count_in(
    bots: Bots,
    slack: Slack,
    sent: Iterable[SentEvent],
    interrupted: Mapping[str, int],
    may_be_unshown: Callable[[str], bool] = lambda _: True,
) -> EventFigures:
    """`count_events` with what the database of a bot holds."""
    stored, unfinished = ids(bots, STORED), ids(bots, OPEN)
    return count_events(
        slack,
        sent,
        stored=stored,
        unfinished=unfinished,
        interrupted=interrupted,
        may_be_unshown=may_be_unshown,
    )


async def until_begun(count: Callable[[], EventFigures], patience: float) -> None:
    """Wait until no event is lost: what is not in the database cannot be waited for there.

    :param patience: seconds after which it ends in any case
    """
    ends = time.monotonic() + patience
    while count().lost and time.monotonic() < ends:
        await asyncio.sleep(0.5)


class _Work:
    """What the bot did in Slack."""

    def __init__(self, slack: Slack) -> None:
        previews = slack.calls_of("chat.unfurl")
        self._tried = Counter(
            word
            for call in slack.calls_of("chat.postMessage")
            for word in _words(_ADDRESS, call.args)
        ) + Counter(word for call in previews for word in _words(_LINK, call.args.get("unfurls")))
        self._published = {
            call.args.get("user_id"): call.at
            for call in slack.calls_of("views.publish")
            if call.answer.get("ok")
        }
        self._checked = max((call.at for call in slack.calls_of("auth.test")), default=0.0)
        answers = [
            message
            for channel in slack.workspace.channels
            for message in slack.workspace.messages[channel].values()
            if message.bot_id
        ]
        # The bot repeats a preview whose answer was cut, and Slack shows it once.
        clean = [
            call for call in previews if call.answer.get("ok") and call.fault in {None, "slow"}
        ]
        self.done = Counter(
            word for message in answers for word in _words(_ADDRESS, message.blocks)
        ) + Counter(word for call in clean for word in _words(_LINK, call.args["unfurls"]))
        """How often Slack has the answer to each message, and took a preview of each link."""

    def is_begun(self, event: SentEvent) -> bool:
        """Whether the bot did what the event asks for, or tried to, behind its first delivery."""
        match event.type:
            case "message.im" | "link_shared":
                return self._tried[event.word] > 0
            case "app_home_opened":
                return self._published.get(event.user, 0.0) >= event.sent_at
            case "tokens_revoked":
                return self._checked >= event.sent_at
        return True


def _words(pattern: re.Pattern[str], shown: object) -> set[str]:
    return set(pattern.findall(json.dumps(shown)))
