"""The week in a channel: posted once, at its time or late, and never twice."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.clock import Clock
from bot.config import Config, WeekPosting
from bot.week_post import LATEST, WeekPost, last_due
from sandbox.slack import Message
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ANNONCES, GENERAL
from storage import posted_weeks
from tests.commands.files import ANOMALY, file_report, writing
from tests.log_lines import lines_of
from tests.world import FAST, World, without_lists, world

MONDAY = datetime.fromisoformat("2026-11-30T09:00").timestamp()
"""In the time zone of the machine. The week before has reports."""
HOUR, DAY = 3600.0, 86_400.0


class HandClock(Clock):
    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


def config(channel: str = ANNONCES) -> Config:
    return FAST.model_copy(update={"week": WeekPosting(channel=channel)})


def posted(bot: World, channel: str = ANNONCES) -> list[Message]:
    history = bot.sandbox.slack.workspace.history(channel)
    return [message for message in history if message.text.startswith("Reports from ")]


@pytest.fixture
async def clock() -> HandClock:
    """An hour before the time of the week."""
    return HandClock(MONDAY - HOUR)


@pytest.fixture
async def bot(tmp_path: Path, clock: HandClock) -> AsyncIterator[World]:
    """A bot whose own loop waits for an hour: the tests take its steps."""
    with writing(tmp_path) as db:
        file_report(db, at=MONDAY - 3 * DAY)
        file_report(db, at=MONDAY - 4 * DAY, payload=ANOMALY)
    async with world(tmp_path, config=config(), clock=clock) as opened:
        yield opened


async def step(bot: World) -> float:
    return await WeekPost(bot.runtime.services, "en").step()


async def test_the_week_is_posted_at_its_time(bot: World, clock: HandClock) -> None:
    assert await step(bot) == HOUR
    assert posted(bot) == []
    clock.now = MONDAY
    await step(bot)
    [message] = posted(bot)
    assert message.text == "Reports from 2026-11-23 to 2026-11-29: 2 reports"
    assert bot.rows("select channel, week, at, ts from posted_weeks") == [
        {"channel": ANNONCES, "week": "2026-11-23", "at": MONDAY, "ts": message.ts}
    ]


async def test_the_week_is_posted_once_however_often_the_bot_starts(
    bot: World, clock: HandClock
) -> None:
    for hours in range(0, 60, 5):
        clock.now = MONDAY + hours * HOUR
        await step(bot)
    assert len(posted(bot)) == 1


async def test_every_week_has_its_own_message(bot: World, clock: HandClock) -> None:
    for weeks in range(3):
        clock.now = MONDAY + weeks * 7 * DAY + HOUR
        await step(bot)
    assert [message.text.split()[2] for message in posted(bot)] == [
        "2026-11-23", "2026-11-30", "2026-12-07"
    ]  # fmt: skip


@pytest.mark.parametrize(("late", "number"), [(LATEST - 1, 1), (LATEST + 1, 0)])
async def test_a_bot_that_was_down_posts_up_to_three_days_late(
    bot: World, clock: HandClock, late: float, number: int
) -> None:
    clock.now = MONDAY + late
    await step(bot)
    assert len(posted(bot)) == number


async def test_a_week_that_slack_limits_is_posted_later(bot: World, clock: HandClock) -> None:
    clock.now = MONDAY
    bot.sandbox.slack.faults.set("chat.postMessage", SlackFault("429", seconds=30), times=1)
    wait = await step(bot)
    assert 0 < wait < HOUR
    assert posted(bot) == []
    await step(bot)
    assert len(posted(bot)) == 1


async def test_a_week_that_an_operator_posts_while_slack_limits_the_bot_is_posted_once(
    bot: World, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = MONDAY
    bot.sandbox.slack.faults.set("chat.postMessage", SlackFault("429", seconds=30), times=1)
    store, week = bot.runtime.services.store, "2026-11-23"
    write = store.write

    async def after_the_command(work: Any, *values: Any, **named: Any) -> Any:
        if work is posted_weeks.release:
            now = MONDAY + 5
            assert await write(posted_weeks.claim, ANNONCES, week, now=now, again=True)
            await write(posted_weeks.confirm, ANNONCES, week, "1.1", at=now)
        return await write(work, *values, **named)

    monkeypatch.setattr(store, "write", after_the_command)
    await step(bot)
    await step(bot)
    assert posted(bot) == []
    assert bot.rows("select ts from posted_weeks") == [{"ts": "1.1"}]


async def test_a_week_whose_answer_is_lost_is_not_posted_again_and_is_named(
    bot: World, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.now = MONDAY
    bot.sandbox.slack.faults.set("chat.postMessage", SlackFault("cut"), times=1)
    await step(bot)
    await step(bot)
    assert len(posted(bot)) == 1
    assert "Slack has not confirmed the week: " in caplog.text


async def test_a_channel_without_the_bot_is_named_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with writing(tmp_path):
        pass
    async with world(tmp_path, config=config(GENERAL), clock=HandClock(MONDAY)) as bot:
        await bot.until(lambda: "Slack refuses the week" in caplog.text)
        assert bot.rows("select * from posted_weeks") == []
    refused = f"week=2026-11-23 channel={GENERAL} why=not_in_channel"
    assert f'message="Slack refuses the week" {refused}' in lines_of(caplog)


async def test_a_running_bot_posts_by_itself_and_a_second_start_does_not(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        file_report(db, at=MONDAY - 3 * DAY)
    clock = HandClock(MONDAY + HOUR)
    sandbox = without_lists(clock)
    async with world(tmp_path, config=config(), clock=clock, sandbox=sandbox) as bot:
        await bot.until(lambda: bot.rows("select * from posted_weeks where ts is not null"))
    async with world(tmp_path, config=config(), clock=clock, sandbox=sandbox) as bot:
        await WeekPost(bot.runtime.services, "en").step()
        assert len(posted(bot)) == 1


async def test_without_a_channel_nothing_is_posted(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        file_report(db, at=MONDAY - 3 * DAY)
    async with world(tmp_path, clock=HandClock(MONDAY)) as bot:
        assert "the week" not in bot.runtime.back_office.loops()
        assert bot.rows("select * from posted_weeks") == []


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        ("monday 09:00", "2026-11-30T09:00", "2026-11-30T09:00"),
        ("monday 09:00", "2026-11-30T08:59", "2026-11-23T09:00"),
        ("friday 17:30", "2026-11-30T09:00", "2026-11-27T17:30"),
        ("Sunday 00:00", "2026-11-29T00:00", "2026-11-29T00:00"),
    ],
)
def test_a_week_is_due_at_the_last_such_time(at: str, now: str, due: str) -> None:
    found = last_due(datetime.fromisoformat(now).timestamp(), WeekPosting(at=at))
    assert found.timestamp() == datetime.fromisoformat(due).timestamp()


@pytest.mark.parametrize(
    "given",
    [
        {"channel": "#general"},
        {"channel": "D0ALICEBOB"},
        {"at": "monday"},
        {"at": "monday 24:00"},
        {"at": "lundi 09:00"},
        {"on": "monday"},
    ],
)
def test_a_wrong_setting_of_the_week_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=f"WeekPosting\n{next(iter(given))}"):
        WeekPosting.model_validate(given)
