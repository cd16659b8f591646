"""The bot is killed at one named step; the next one goes on. Each step is a test of its own."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.patience import PATIENCE
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Message
from sandbox.slack.seed import ANNONCES, SECURITE
from sandbox.slack.views import OpenView
from storage.opening import open_for_reading
from tests.torture.bots import Bots
from tests.torture.run import UNSETTLED
from tests.torture.submitting import Submission, blank_forms, filled_in, press, press_until_taken
from tests.world import is_notice

pytestmark = pytest.mark.slow


@dataclass
class Place:
    sandbox: Sandbox
    bots: Bots
    link: BotLink
    blanks: dict[str, OpenView]

    def form(self, kind: str = "report_issue") -> Submission:
        return filled_in(self.sandbox, self.blanks[kind], "word")

    async def press_until_it_dies(self, wrapping: str, sent: Submission) -> bool:
        """Press Send once; whether it was acknowledged before the bot died of it."""
        async with self.bots.start(wrapping) as bot:
            await bot.listening()
            ack = await press(self.sandbox, self.link, sent)
            await asyncio.wait_for(asyncio.shield(bot.ended), PATIENCE)
        return ack.ok and not ack.body

    async def next_one(self, sent: Submission, *, acknowledged: bool) -> "Outcome":
        """Start the bot again; who got no answer presses again; wait until all is told."""
        async with self.bots.start() as bot:
            await bot.listening()
            if not acknowledged:
                calm = random.Random(1)  # noqa: S311 - no secret
                await press_until_taken(self.sandbox, self.link, sent, calm)
            await until(lambda: not self.rows(UNSETTLED)[0]["unsettled"])
            status = await bot.stop()
        states = [row["state"] for row in self.rows("select state from reports")]
        return Outcome(acknowledged, self.there(), states, self.told()[-1:], status)

    def there(self) -> int:
        """How many the APIs saved."""
        return len(self.sandbox.immoteur.issues) + len(self.sandbox.kare.anomalies)

    def told(self) -> list[str]:
        """How each message in a thread begins its second sentence: what it says of the report."""
        space = self.sandbox.slack.workspace
        replies = [m for c in (ANNONCES, SECURITE) for m in space.messages[c].values()]
        return [
            _gist(reply)
            for reply in replies
            if reply.thread_ts and reply.bot_id and not is_notice(reply)
        ]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        db = open_for_reading(self.bots.db)
        try:
            return [dict(row) for row in db.execute(sql)]
        finally:
            db.close()


@dataclass(frozen=True)
class Outcome:
    """What became of one press of Send, seen from outside; of what was told, the last."""

    acknowledged: bool
    there: int
    states: list[str]
    told: list[str]
    status: int = 0


def _gist(message: Message) -> str:
    words = ("Filed with", "do not know whether", "being sent", "Not filed")
    return next((word for word in words if word in message.text), message.text)


async def until(true: Callable[[], Any], seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A sandbox and a bot that has opened a form of each kind, and was stopped."""
    sandbox = Sandbox(burst=1000)
    async with sandbox.serve():
        bots = Bots.of(sandbox.settings, tmp_path)
        link = BotLink(bots.url)
        async with bots.start() as bot:
            await bot.ready()
            blanks = await blank_forms(sandbox, link)
            await bot.stop()
        yield Place(sandbox, bots, link, blanks)


FILED = Outcome(acknowledged=True, there=1, states=["filed"], told=["Filed with"])
IN_DOUBT = replace(FILED, states=["unknown"], told=["do not know whether"])
NOT_THERE = replace(IN_DOUBT, there=0)
PRESSED_AGAIN = replace(FILED, acknowledged=False)
KILLED_AT = {
    "before_store": PRESSED_AGAIN,
    "after_store": PRESSED_AGAIN,
    "after_ack": FILED,
    "after_the_answer": IN_DOUBT,
    "before_telling": FILED,
}


@pytest.mark.parametrize(("step", "expected"), KILLED_AT.items(), ids=KILLED_AT)
async def test_nothing_is_lost_or_filed_twice_by_a_kill(
    place: Place, step: str, expected: Outcome
) -> None:
    sent = place.form()
    acknowledged = await place.press_until_it_dies(step, sent)
    assert await place.next_one(sent, acknowledged=acknowledged) == expected


async def test_a_kill_after_telling_tells_once_more_rather_than_not_at_all(place: Place) -> None:
    sent = place.form()
    acknowledged = await place.press_until_it_dies("after_telling", sent)
    outcome = await place.next_one(sent, acknowledged=acknowledged)
    assert (outcome.acknowledged, outcome.there, outcome.states, outcome.told[-1]) == (
        True,
        1,
        ["filed"],
        "Filed with",
    )


FILING = {"report_issue": "/issues", "anomaly": "/nonconformity"}
WHILE_SENDING = [
    ("report_issue", ApiFault("slow_after", seconds=1), IN_DOUBT),
    ("report_issue", ApiFault("hang", seconds=1), NOT_THERE),
    ("anomaly", ApiFault("hang", seconds=1), NOT_THERE),
]


@pytest.mark.parametrize(("kind", "fault", "expected"), WHILE_SENDING)
async def test_what_a_killed_bot_was_sending_is_unknown_and_not_sent_again(
    place: Place, kind: str, fault: ApiFault, expected: Outcome
) -> None:
    sent = place.form(kind)
    api = place.sandbox.immoteur if kind == "report_issue" else place.sandbox.kare
    api.faults.next(1, fault)
    async with place.bots.start() as bot:
        await bot.listening()
        await press(place.sandbox, place.link, sent)
        await until(
            lambda: any(
                request.path.endswith(FILING[kind]) and request.body for request in api.requests
            )
        )
        bot.kill()
    assert await place.next_one(sent, acknowledged=True) == expected


async def test_what_a_killed_bot_was_sending_to_kare_is_found_there(place: Place) -> None:
    sent = place.form("anomaly")
    place.sandbox.kare.faults.next(1, ApiFault("slow_after", seconds=1))
    async with place.bots.start() as bot:
        await bot.listening()
        await press(place.sandbox, place.link, sent)
        await until(lambda: place.sandbox.kare.anomalies)
        bot.kill()
    async with place.bots.start() as bot:
        await bot.listening()
        await until(lambda: place.told()[-1:] == ["Filed with"])
        states = place.rows("select state, cause from reports")
    assert (states, place.there()) == ([{"state": "filed", "cause": '{"why":"found"}'}], 1)


async def test_sigterm_lets_what_is_in_flight_come_back_and_ends_with_0(place: Place) -> None:
    sent = place.form()
    place.sandbox.immoteur.faults.next(1, ApiFault("slow_after", seconds=1))
    async with place.bots.start() as bot:
        await bot.listening()
        await press(place.sandbox, place.link, sent)
        await until(lambda: place.sandbox.immoteur.issues)
        status = await bot.stop()
    states = [row["state"] for row in place.rows("select state from reports")]
    assert (status, states, place.there()) == (0, ["filed"], 1)
